#!/usr/bin/env bash
# Judges both sides of Alibaba Cloud's short messages with openssl and curl alone: signatures of what
# the connector sent, and that no byte of it can be changed; then what this script signs itself is
# taken, and what it signs wrongly is refused, by the simulated provider.
# usage: check.sh BUILD_FOLDER
set -euo pipefail
export LC_ALL=C
build=$1 folder=$1/independent/aliyun
for program in curl openssl sort; do
    command -v "$program" >/dev/null || { echo "independent: $program is missing; run ./hub setup" >&2; exit 2; }
done
"$build/tests/independent_capture" aliyun "$folder"

passed=0
die() { printf 'independent: %s\n' "$*" >&2; echo "$passed passed, 1 failed"; exit 1; }
hold() { passed=$((passed + 1)); }

sha256() { openssl dgst -sha256 -r | cut -c1-64; }
# HMAC-SHA256 in hex of what is read, by the secret.
hmac() { openssl dgst -sha256 -mac HMAC -macopt "key:$1" -r | cut -c1-64; }

# The signature of METHOD QUERY SIGNED_HEADERS BODY SECRET; the headers stand in headers[].
declare -A headers
signature() {
    local method=$1 query=$2 names=$3 body=$4 secret=$5 name canonical
    canonical=$method$'\n'/$'\n'$query$'\n'
    for name in ${names//;/ }; do
        canonical+=$name:${headers[$name]-}$'\n'
    done
    canonical+=$'\n'$names$'\n'$(printf '%s' "$body" | sha256)
    printf 'ACS3-HMAC-SHA256\n%s' "$(printf '%s' "$canonical" | sha256)" | hmac "$secret"
}

# The query must already be in the order and the coding that is signed.
must_be_canonical() {
    local sorted
    sorted=$(tr '&' '\n' <<<"$1" | sort | paste -sd '&')
    [ "$sorted" = "$1" ] || die "$2: the parameters are not in order"
    [[ $1 =~ ^([A-Za-z0-9._~=\&-]|%[0-9A-F]{2})*$ ]] || die "$2: the parameters are not coded as RFC 3986 wants"
}

# Of the request that was read last.
nothing_can_change() {
    local name value
    [ "$(signature "$method" "$query&x=1" "$names" "$body" "$secret")" != "$given" ] || die "$what: a parameter can be added"
    [ "$(signature "$method" "$query" "$names" "${body}x" "$secret")" != "$given" ] || die "$what: a body can be added"
    [ "$(signature "$method" "$query" "$names" "$body" "${secret}x")" != "$given" ] || die "$what: any secret would do"
    for name in ${names//;/ }; do
        value=${headers[$name]}
        headers[$name]=${value}x
        [ "$(signature "$method" "$query" "$names" "$body" "$secret")" != "$given" ] || die "$what: $name can be changed"
        headers[$name]=$value
        hold
    done
}

# ---- What the connector signed.
secret=$(<"$folder/access_key_secret")
id=$(<"$folder/access_key_id")
requests=0
for line in "$folder"/[0-9]*/request.line; do
    what=$(basename "$(dirname "$line")")
    read -r method url <"$line"
    query=${url#*\?}
    must_be_canonical "$query" "$what"
    headers=()
    while IFS= read -r header; do
        name=${header%%:*}
        headers[${name,,}]=${header#*: }
    done <"$(dirname "$line")/request.headers"
    host=${url#https://}
    headers[host]=${host%%/*}
    body=$(<"$(dirname "$line")/request.body")
    [[ ${headers[authorization]} =~ ^ACS3-HMAC-SHA256\ Credential=([^,]*),SignedHeaders=([^,]*),Signature=([0-9a-f]{64})$ ]] ||
        die "$what: the Authorization header is of another form"
    names=${BASH_REMATCH[2]} given=${BASH_REMATCH[3]}
    [ "${BASH_REMATCH[1]}" = "$id" ] || die "$what: another access key"
    for name in "${!headers[@]}"; do
        [[ $name != x-acs-* || ";$names;" == *";$name;"* ]] || die "$what: $name is not signed"
    done
    [[ ";$names;" == *";host;"* ]] || die "$what: host is not signed"
    [ "${headers[x-acs-content-sha256]}" = "$(printf '%s' "$body" | sha256)" ] || die "$what: digest of another body"
    [ "$(signature "$method" "$query" "$names" "$body" "$secret")" = "$given" ] || die "$what: the signature is not the secret's"
    hold
    requests=$((requests + 1))
done
nothing_can_change
[ "$requests" -eq 4 ] || die "$requests requests were captured, not 4"
nonces=$(grep -hi '^x-acs-signature-nonce' "$folder"/[0-9]*/request.headers | sort -u | wc -l)
[ "$nonces" -eq "$requests" ] || die "a nonce was used twice"
! grep -qrF "$secret" "$folder"/[0-9]* "$folder"/notice_* || die "the secret stands in a message"
hold

# ---- What the simulated provider takes from this script.
work=$(mktemp -d)
"$build/bin/expohub-simulator" prepare --folder "$work"
coproc simulator { exec "$build/bin/expohub-simulator" serve --folder "$work" --port 0; }
server=$simulator_PID
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
read -r -t 60 ready <&"${simulator[0]}" || die "the simulator did not start"
port=${ready#ready port=}
member() { sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" "$work/simulator.json" | head -n 1; }
id=$(member access_key_id) secret=$(member access_key_secret)

# Signs and sends ACTION QUERY under NONCE; SECRET and what is put behind the query may be others.
# Says the code.
send() {
    local action=$1 query=$2 nonce=$3 key=${4:-$secret} behind=${5:-} names='host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
    headers=([host]=127.0.0.1:$port [x-acs-action]=$action [x-acs-version]=2017-05-25
        [x-acs-content-sha256]=$(printf '' | sha256) [x-acs-date]=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        [x-acs-signature-nonce]=$nonce)
    local authorization name arguments=()
    authorization="ACS3-HMAC-SHA256 Credential=$id,SignedHeaders=$names,Signature=$(signature POST "$query" "$names" '' "$key")"
    for name in "${!headers[@]}"; do
        [ "$name" = host ] || arguments+=(-H "$name: ${headers[$name]}")
    done
    curl -sS --cacert "$work/ca.pem" --data '' -H 'Content-Type:' -H "Authorization: $authorization" "${arguments[@]}" \
        "https://127.0.0.1:$port/?$query$behind" | sed -n 's/.*"Code":"\([^"]*\)".*/\1/p'
}
must_say() { [ "$2" = "$1" ] || die "$3: the simulator said \"$2\", not \"$1\""; hold; }

message='OutId=01980000000070008000000000000009&PhoneNumbers=19900000009&SignName=%E6%A8%A1%E6%8B%9F%E5%B1%95%E4%BC%9A&TemplateCode=SMS_100000001&TemplateParam=%7B%22code%22%3A%22739251%22%7D'
day=$(TZ=UTC-8 date +%Y%m%d)
details="CurrentPage=1&PageSize=50&PhoneNumber=19900000009&SendDate=$day"
must_say SignatureDoesNotMatch "$(send SendSms "$message" n1 "${secret}x")" "a wrong secret"
must_say SignatureDoesNotMatch "$(send SendSms "$message" n2 "$secret" '&SmsUpExtendCode=1')" "a parameter more"
must_say OK "$(send SendSms "$message" n3)" "a message"
must_say SignatureNonceUsed "$(send SendSms "$message" n3)" "the same nonce"
must_say OK "$(send QuerySendDetails "$details" n4)" "a query"
booked=$(curl -sS --cacert "$work/ca.pem" "https://127.0.0.1:$port/control/messages" | grep -o '"number":' | wc -l)
[ "$booked" -eq 1 ] || die "the simulator booked $booked messages, not 1"
hold
echo "$passed passed, 0 failed"
