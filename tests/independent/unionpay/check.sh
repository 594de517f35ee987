#!/usr/bin/env bash
# Verifies what the UnionPay connector and the simulated UnionPay said to each other with openssl
# alone: requests under the merchant's certificate, answers and notifications under the certificate
# that they bring, up to the root; and that no byte of any field can be changed.
# usage: check.sh BUILD_FOLDER
set -euo pipefail
export LC_ALL=C
build=$1 folder=$1/independent/unionpay
for program in openssl base64 sha256sum sort; do
    command -v "$program" >/dev/null || { echo "independent: $program is missing; run ./hub setup" >&2; exit 2; }
done
"$build/tests/independent_capture" unionpay "$folder"
work=$folder/work
mkdir -p "$work"

passed=0
die() { printf 'independent: %s\n' "$*" >&2; echo "$passed passed, 1 failed"; exit 1; }
hold() { passed=$((passed + 1)); }

declare -A fields # of the message that was read last

# A percent-encoded form.
read_form() {
    local pair name value
    fields=()
    while IFS= read -r -d '&' pair || [ -n "$pair" ]; do
        [[ $pair == *=* ]] || die "a form has a pair without a value: $pair"
        printf -v name '%b' "$(decoded "${pair%%=*}")"
        printf -v value '%b' "$(decoded "${pair#*=}")"
        [ -z "${fields[$name]+there}" ] || die "a form names $name twice"
        fields[$name]=$value
    done <"$1"
}
decoded() {
    local text=${1//\\/\\\\}
    text=${text//+/ }
    printf '%s' "${text//%/\\x}"
}

# "k=v&k=v" in which nothing is coded; an & within brackets is data.
read_raw() {
    local text pair='' depth=0 at c
    fields=()
    text=$(<"$1")
    for ((at = 0; at <= ${#text}; at++)); do
        c=${text:at:1}
        case $c in
        '{' | '[') depth=$((depth + 1)) ;;
        '}' | ']') depth=$((depth - 1)) ;;
        '&' | '')
            if [ "$depth" -eq 0 ]; then
                [[ $pair == *=* ]] || die "a raw answer has a pair without a value: $pair"
                fields[${pair%%=*}]=${pair#*=}
                pair=''
                continue
            fi
            ;;
        esac
        pair+=$c
    done
}

# SHA-256 in lower-case hex of the sorted fields, which is the text that RSA signs.
digest() {
    local name text=''
    while IFS= read -r name; do
        [ "$name" = signature ] || text+="${text:+&}$name=${fields[$name]}"
    done < <(printf '%s\n' "${!fields[@]}" | sort)
    printf '%s' "$text" | sha256sum | cut -c1-64 | tr -d '\n'
}

# Of the fields, by the public key in the file. openssl's own digest is asked, too.
is_signed() {
    printf '%s' "${fields[signature]}" | base64 -d >"$work/signature" 2>/dev/null || return 1
    digest >"$work/text"
    openssl dgst -sha256 -verify "$1" -signature "$work/signature" "$work/text" >/dev/null 2>&1
}

# Every field in turn, the signature among them, with one byte changed: none may pass.
no_byte_can_change() {
    local what=$1 key=$2 name value at c
    for name in "${!fields[@]}"; do
        value=${fields[$name]}
        at=$((${#value} / 2))
        c=${value:at:1}
        if [ "$c" = 7 ]; then c=8; else c=7; fi
        fields[$name]=${value:0:at}$c${value:at+1}
        ! is_signed "$key" || die "$what: $name can be changed"
        fields[$name]=$value
        hold
    done
    fields[riskRateInfo]=1 # a field more
    ! is_signed "$key" || die "$what: a field can be added"
    unset 'fields[riskRateInfo]'
    is_signed "$key" || die "$what: it is no longer what it was"
    hold
}

must_be() { [ "${fields[$1]:-}" = "$2" ] || die "$3: $1 is \"${fields[$1]:-}\", must be \"$2\""; }

# ---- What the connector signed.
merchant=$folder/merchant_certificate.pem
openssl x509 -in "$merchant" -noout -pubkey >"$work/merchant.pem"
serial=$(openssl x509 -in "$merchant" -noout -serial)
cert_id=$((16#${serial#serial=}))
requests=0
for body in "$folder"/[0-9]*/request.body "$folder"/form/request.body; do
    what=${body#"$folder"/}
    read_form "$body"
    must_be version 5.1.0 "$what"
    must_be signMethod 01 "$what"
    must_be certId "$cert_id" "$what"
    for name in "${!fields[@]}"; do
        value=${fields[$name]}
        [ -n "$value" ] && [[ $value != ' '* && $value != *' ' ]] || die "$what: $name is empty or not trimmed"
    done
    is_signed "$work/merchant.pem" || die "$what: the merchant's certificate did not sign it"
    hold
    no_byte_can_change "$what" "$work/merchant.pem"
    requests=$((requests + 1))
done

# ---- What the simulator signed.
# The certificate inside, its owner by name, and the chain: middle, root, and nothing else.
take_certificate() {
    printf '%s\n' "${fields[signPubKeyCert]}" >"$work/leaf.crt"
    openssl x509 -in "$work/leaf.crt" -noout -pubkey >"$work/leaf.pem" || die "$1: it brings no certificate"
    name=$(openssl x509 -in "$work/leaf.crt" -noout -subject -nameopt multiline,utf8,-esc_msb)
    IFS=@ read -r _ _ owner _ <<<"${name##*commonName*= }"
    [ "$owner" = 中国银联股份有限公司 ] || die "$1: its certificate is of \"$owner\""
}
is_vouched_for() {
    openssl verify -no-CApath -no-CAstore -CAfile "$folder/root.pem" -untrusted "$folder/middle.pem" \
        "$work/leaf.crt" >/dev/null 2>&1
}
check_told() {
    must_be version 5.1.0 "$1"
    must_be signMethod 01 "$1"
    take_certificate "$1"
    is_vouched_for || die "$1: its certificate does not lead to the root"
    ! openssl verify -no-CApath -no-CAstore -CAfile "$folder/root.pem" "$work/leaf.crt" >/dev/null 2>&1 ||
        die "$1: the root vouches for it without the one between"
    is_signed "$work/leaf.pem" || die "$1: its certificate did not sign it"
    hold
    no_byte_can_change "$1" "$work/leaf.pem"
}
answers=0 forged=0
for body in "$folder"/[0-9]*/answer.body; do
    what=${body#"$folder"/}
    read_raw "$body"
    if [[ $what == *_forged/* ]]; then
        take_certificate "$what"
        is_signed "$work/leaf.pem" || die "$what: a forger's signature is right by itself"
        ! is_vouched_for || die "$what: a forger's certificate leads to the root"
        forged=$((forged + 1))
        hold
        continue
    fi
    check_told "$what"
    answers=$((answers + 1))
done
notices=0
for body in "$folder"/notice_*/body; do
    read_form "$body"
    check_told "${body#"$folder"/}"
    notices=$((notices + 1))
done

[ "$requests" -ge 9 ] && [ "$answers" -ge 7 ] && [ "$notices" -ge 2 ] && [ "$forged" -eq 1 ] ||
    die "only $requests requests, $answers answers, $notices notifications, $forged forged were captured"
echo "$requests requests, $answers answers, $notices notifications verified, $forged forged refused"
echo "$passed passed, 0 failed"
