#!/usr/bin/env bash
# Pays and refunds through a real hub: starts the simulator of this connector and a hub of its own
# in a temporary folder, both on the loopback, and plays portal and payer. Prints "paid" and
# "refunded"; everything is stopped and removed at the end.
# usage: pay.sh   with an installed SDK's bin in PATH, after the connector was built
set -euo pipefail
id=payment_example
here=$(dirname "$(readlink -f "$0")")
program=$(command -v expohub) || { echo "pay: expohub is not in PATH; put the SDK's bin there" >&2; exit 1; }
sdk=$(dirname "$(dirname "$(readlink -f "$program")")")
work=$(mktemp -d)
hub='' simulator=''

finish() {
    local code=$? process
    trap - EXIT
    [ "$code" -eq 0 ] || tail -n 20 "$work"/*.out >&2 || true
    for process in $hub $simulator; do
        kill -TERM "$process" 2>/dev/null || continue
        wait "$process" || true
    done
    rm -rf "$work"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

await() { # await WHAT COMMAND…
    local what=$1 until=$((SECONDS + 30))
    shift
    until "$@"; do
        [ $SECONDS -lt $until ] || { echo "pay: $what did not happen in 30 s" >&2; exit 1; }
        read -rt 0.1 <> <(:) || :
    done
}

member() { # member NAME: the first text of that name in JSON
    grep -oE "\"$1\": *\"[^\"]*\"" | sed -nE '1s/.*"([^"]*)"$/\1/p'
}

# Processes of libraries are other users when root runs the hub: they read this folder, no secrets.
chmod 755 "$work"
mkdir -p "$work/plugins" "$work/plugins.d" "$work/store" "$work/secrets" "$work/run"
chmod 700 "$work/store" "$work/secrets" "$work/run"
cp -r "$here/build/lib/$id" "$sdk/lib/hub_sdk/plugins/payments" "$work/plugins"

"$here/build/$id-simulator" prepare --folder "$work/simulator"
"$here/build/$id-simulator" serve --folder "$work/simulator" --port 0 >"$work/simulator.out" 2>&1 &
simulator=$!
await "the simulator's start" grep -q '^ready' "$work/simulator.out"
provider=https://127.0.0.1:$(sed -n 's/^ready port=//p' "$work/simulator.out")

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=$((20000 + RANDOM % 10000))
while is_taken "$port"; do port=$((port + 1)); done

(umask 077 && openssl rand -hex 32 >"$work/master.key")
cat >"$work/hub.properties" <<PROPERTIES
profile = demo
public_url = http://127.0.0.1:$port
edition = 2026
gateway.http_port = $port
store.folder = $work/store
secrets.folder = $work/secrets
secrets.master_key_file = $work/master.key
plugins.folder = $work/plugins
plugins.config_folder = $work/plugins.d
contracts.folder = $sdk/share/hub_sdk/contracts
plugin_host.path = $sdk/bin/expohub-plugin-host
plugin_host.sandbox = without_both
run.folder = $work/run
egress.ca_file = $work/simulator/ca.pem
PROPERTIES
cat >"$work/plugins.d/$id.json" <<JSON
{ "library": "$id", "enabled": true,
  "accounts": { "main": {
    "config": { "merchant": "M0001", "base_url": "$provider" },
    "keys": { "api_key": "main/api_key" },
    "callback_token": "$(openssl rand -hex 16)",
    "http_exact": ["${provider#https://}"] } } }
JSON
cat >"$work/plugins.d/payments.json" <<JSON
{ "library": "payments", "enabled": true,
  "config": { "methods": { "scan": { "product": "qr", "accounts": ["main"] } } } }
JSON

expohub() { "$program" --config "$work/hub.properties" "$@"; }
member api_key <"$work/simulator/simulator.json" | tr -d '\n' | expohub secret put main/api_key >/dev/null
expohub config check >/dev/null || { expohub config check; exit 1; }
"$program" --config "$work/hub.properties" serve >"$work/hub.out" 2>&1 &
hub=$!
await "the hub's start" curl -sf -o /dev/null "http://127.0.0.1:$port/healthz"
token=$(expohub api-key create --holder portal --scope payments:read --scope payments:write \
    --scope payments:refund --json | member token)
echo "the hub is up; $id is loaded"

api() { # api PATH [BODY]
    curl -sS --max-time 30 -H "Authorization: Bearer $token" -H "Content-Type: application/json" \
        -H "Prefer: wait=15" ${2:+-H "Idempotency-Key: $1"} ${2:+-d "$2"} "http://127.0.0.1:$port/api/v1$1"
}
says() { [[ "$(api "$1")" =~ $2 ]]; }

created=$(api /payments '{"order_ref":"A-1","method":"scan","amount_minor":20000,"currency":"CNY","subject":"Badge fee"}')
payment=$(member payment_id <<<"$created") code=$(member qr_code <<<"$created")
[ -n "$code" ] || { echo "pay: no code was given out: $created" >&2; exit 1; }
echo "the provider gave the code $code"

curl -sS -o /dev/null --fail --cacert "$work/simulator/ca.pem" "$provider/control/pay" -d "{\"qr\":\"$code\"}"
await "the payment" says "/payments/$payment" '"captured_minor": *20000'
echo "paid 200.00 CNY"

api "/payments/$payment/refunds" '{"amount_minor":5000,"currency":"CNY","reason":"withdrawn"}' >/dev/null
await "the refund" says "/payments/$payment" '"refunded_minor": *5000'
echo "refunded 50.00 CNY"
