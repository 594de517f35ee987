#!/usr/bin/env bash
# Makes an installation in one folder: a hub whose providers are simulated on this machine.
# usage: prepare.sh BUILD FOLDER HTTP_PORT HTTPS_PORT SIMULATOR_PORT [key=value …]
# Idempotent: keys and secrets that are there stay; settings are written anew.
set -euo pipefail
umask 077
build=$(readlink -f "$1") folder=$2 http=$3 https=$4 simulator=$5
shift 5
mkdir -p "$folder"/{hub/plugins.d,hub/store,hub/secrets,hub/run,log}
folder=$(readlink -f "$folder")
source_folder=$(dirname "$(dirname "$(readlink -f "$0")")")/..

"$build/bin/expohub-simulator" prepare --folder "$folder/simulator" >/dev/null
[ -s "$folder/hub/master.key" ] || openssl rand -hex 32 >"$folder/hub/master.key"
[ -s "$folder/hub/callback.token" ] || openssl rand -hex 16 | tr -d '\n' >"$folder/hub/callback.token"

{
    cat <<PROPERTIES
# Written by config/demo/prepare.sh: a demonstration, nothing here is for production.
profile = demo
public_url = https://127.0.0.1:$https
edition = 2026
site = 14000
gateway.http_port = $http
gateway.https_port = $https
gateway.certificate_file = $folder/simulator/server.pem
gateway.private_key_file = $folder/simulator/server.key
gateway.threads_max = 64
gateway.connections_per_address_max = 256
store.folder = $folder/hub/store
secrets.folder = $folder/hub/secrets
secrets.master_key_file = $folder/hub/master.key
plugins.folder = $build/lib
plugins.config_folder = $folder/hub/plugins.d
contracts.folder = $(readlink -f "$source_folder")/sdk/contracts
plugin_host.path = $build/bin/expohub-plugin-host
plugin_host.sandbox = without_both
run.folder = $folder/hub/run
egress.ca_file = $folder/simulator/ca.pem
log.file = $folder/log/hub.log
PROPERTIES
    printf '%s\n' "$@"
} >"$folder/hub/hub.properties"

app_id=$(sed -n 's/.*"app_id": *"\([0-9]*\)".*/\1/p' "$folder/simulator/simulator.json" | head -1)
seller_id=$(sed -n 's/.*"seller_id": *"\([0-9]*\)".*/\1/p' "$folder/simulator/simulator.json" | head -1)
cat >"$folder/hub/plugins.d/payment_alipay.json" <<JSON
{
  "library": "payment_alipay", "enabled": true,
  "accounts": { "alipay-demo": {
    "config": { "app_id": "$app_id", "seller_id": "$seller_id", "gateway_url": "https://127.0.0.1:$simulator/gateway.do" },
    "keys": { "app_key": "alipay-demo/app_key", "provider_key": "alipay-demo/provider_key" },
    "callback_token": "$(cat "$folder/hub/callback.token")",
    "http_exact": ["127.0.0.1:$simulator"]
  } }
}
JSON
cat >"$folder/hub/plugins.d/payments.json" <<JSON
{
  "library": "payments", "enabled": true,
  "config": { "methods": { "scan": { "product": "qr", "accounts": ["alipay-demo"] } }, "amount_max_minor": 5000000 }
}
JSON

# The templates of the SDK play a domain in process and a partner's library in another.
for example in plugin_example subscriber_example; do
    printf '{ "library": "%s", "enabled": true }\n' $example >"$folder/hub/plugins.d/$example.json"
done

expohub() { "$build/bin/expohub" --config "$folder/hub/hub.properties" "$@"; }
if ! expohub secret list --json | grep -q alipay-demo/app_key; then
    expohub secret put alipay-demo/app_key --file "$folder/simulator/alipay/app_private_key.pem" >/dev/null
    expohub secret put alipay-demo/provider_key --file "$folder/simulator/alipay/provider_public_key.pem" >/dev/null
fi
expohub config check >/dev/null || expohub config check
