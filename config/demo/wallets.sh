#!/usr/bin/env bash
# Adds the other wallets to an installation that prepare.sh made: WeChat Pay and UnionPay accounts at
# the simulator, and the method "wallets", one code for all three.
# usage: wallets.sh BUILD FOLDER SIMULATOR_PORT
# Idempotent, as prepare.sh; secrets that are there stay.
set -euo pipefail
umask 077
build=$(readlink -f "$1") folder=$(readlink -f "$2") provider=127.0.0.1:$3
simulator=$folder/simulator

# WeChat Pay then signs everything with its public key; mode `both` is for merchants that are moved.
sed -i 's/"mode": "both"/"mode": "public_key"/' "$simulator/simulator.json"

setting() { # the first value of that name, also when it is a list's
    tr -d '\n' <"$simulator/simulator.json" | grep -o "\"$1\": *\[* *\"[^\"]*\"" | head -1 | sed 's/.*"\([^"]*\)"$/\1/'
}
text() { awk '{ printf "%s\\n", $0 }' "$1"; } # a file as it stands in a JSON string
token() {
    [ -s "$folder/hub/$1.token" ] || openssl rand -hex 16 | tr -d '\n' >"$folder/hub/$1.token"
    cat "$folder/hub/$1.token"
}

cat >"$folder/hub/plugins.d/payment_wechat.json" <<JSON
{
  "library": "payment_wechat", "enabled": true,
  "accounts": { "wechat-demo": {
    "config": {
      "mchid": "$(setting mchid)", "appid": "$(setting appids)",
      "base_url": "https://$provider", "oauth_url": "https://$provider", "authorize_url": "https://$provider",
      "platform_keys": "public_key", "public_key_id": "$(setting public_key_id)"
    },
    "keys": {
      "merchant_key": "wechat-demo/merchant_key", "platform_key": "wechat-demo/platform_key",
      "api_v3_key": "wechat-demo/api_v3_key"
    },
    "secrets": { "app_secret": "wechat-demo/app_secret" },
    "callback_token": "$(token wechat)",
    "http_exact": ["$provider"]
  } }
}
JSON
cat >"$folder/hub/plugins.d/payment_unionpay.json" <<JSON
{
  "library": "payment_unionpay", "enabled": true,
  "accounts": { "unionpay-demo": {
    "config": {
      "merchant_id": "$(setting mer_id)", "gateway_url": "https://$provider", "file_url": "https://$provider/",
      "middle_certificate": "$(text "$simulator/unionpay/authority/middle.pem")",
      "root_certificate": "$(text "$simulator/unionpay/authority/root.pem")"
    },
    "keys": { "signing_key": "unionpay-demo/signing_key" },
    "callback_token": "$(token unionpay)",
    "http_exact": ["$provider"]
  } }
}
JSON
cat >"$folder/hub/plugins.d/payments.json" <<JSON
{
  "library": "payments", "enabled": true,
  "config": {
    "methods": {
      "scan": { "product": "qr", "accounts": ["alipay-demo"] },
      "wallets": { "product": "qr", "checkout": true, "accounts": ["alipay-demo", "wechat-demo", "unionpay-demo"] }
    },
    "amount_max_minor": 5000000
  }
}
JSON

expohub() { "$build/bin/expohub" --config "$folder/hub/hub.properties" "$@"; }
known=$(expohub secret list --json)
put() { # put SECRET FILE…
    grep -qF "\"$1\"" <<<"$known" || cat "${@:2}" | expohub secret put "$1" >/dev/null
}
put wechat-demo/merchant_key "$simulator"/wechat/apiclient_{key,cert}.pem
put wechat-demo/platform_key "$simulator/wechat/pub_key.pem"
put wechat-demo/api_v3_key <(printf %s "$(setting apiv3_key)")
put wechat-demo/app_secret <(printf %s "$(setting app_secret)")
put unionpay-demo/signing_key "$simulator"/unionpay/merchant_{key,certificate}.pem
expohub config check >/dev/null || expohub config check
