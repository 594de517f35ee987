#!/usr/bin/env bash
# Adds what registration needs to an installation that prepare.sh made: the plugins identity,
# messaging, registration and orders, a provider of short messages and a reader of licences at the
# simulator.
# usage: registration.sh BUILD FOLDER SIMULATOR_PORT
# Idempotent, as prepare.sh; secrets that are there stay.
set -euo pipefail
umask 077
build=$(readlink -f "$1") folder=$(readlink -f "$2") provider=127.0.0.1:$3
simulator=$folder/simulator/simulator.json

grep -q SMS_100000032 "$simulator" || {
    echo "hub: the sample data in $folder are older than its notices; run ./hub down, remove $folder, then ./hub up" >&2
    exit 1
}
section() { # section NAME MEMBER: of the section's first account
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]]["accounts"][0][sys.argv[3]], end="")' \
        "$simulator" "$@"
}
token() {
    [ -s "$folder/hub/$1.token" ] || openssl rand -hex 16 | tr -d '\n' >"$folder/hub/$1.token"
    cat "$folder/hub/$1.token"
}

for plugin in identity registration orders; do
    printf '{ "library": "%s", "enabled": true }\n' $plugin >"$folder/hub/plugins.d/$plugin.json"
done
# Notices of a demonstration don't wait for the morning, and all its phones are on this machine.
cat >"$folder/hub/plugins.d/messaging.json" <<JSON
{
  "library": "messaging", "enabled": true,
  "config": { "quiet_hours": { "from": "00:00", "until": "00:00" }, "client_hour_max": 1000 }
}
JSON
cat >"$folder/hub/plugins.d/sms_aliyun.json" <<JSON
{
  "library": "sms_aliyun", "enabled": true,
  "accounts": { "sms-demo": {
    "config": {
      "access_key_id": "$(section aliyun access_key_id)", "sign_name": "模拟展会",
      "endpoint_url": "https://$provider",
      "templates": {
        "verification_code": {
          "zh": { "code": "SMS_100000001", "variables": { "code": "code" } },
          "en": { "code": "SMS_100000002", "variables": { "code": "code" } }
        },
        "organization.approved": { "zh": { "code": "SMS_100000021" } },
        "organization.returned": { "zh": { "code": "SMS_100000022" } },
        "organization.rejected": { "zh": { "code": "SMS_100000023" } },
        "organization.payment_due": { "zh": { "code": "SMS_100000024" } },
        "badge_reuse.upgraded": { "zh": { "code": "SMS_100000025" } },
        "order.payment_due": { "zh": { "code": "SMS_100000026", "variables": { "order_ref": "order_ref" } } },
        "order.paid": { "zh": { "code": "SMS_100000027", "variables": { "order_ref": "order_ref" } } },
        "staff.invited": { "zh": { "code": "SMS_100000028" } },
        "organization.code_claimed": { "zh": { "code": "SMS_100000029" } },
        "organization.claim_decided.released": { "zh": { "code": "SMS_100000030" } },
        "organization.claim_decided.handed_over": { "zh": { "code": "SMS_100000031" } },
        "organization.claim_decided.refused": { "zh": { "code": "SMS_100000032" } }
      }
    },
    "keys": { "access_key_secret": "sms-demo/access_key_secret" },
    "callback_token": "$(token sms)",
    "http_exact": ["$provider"]
  } }
}
JSON
cat >"$folder/hub/plugins.d/licence_reader_demo.json" <<JSON
{
  "library": "licence_reader_demo", "enabled": true,
  "accounts": { "licence-demo": {
    "config": { "key_id": "$(section licence key_id)", "endpoint_url": "https://$provider" },
    "keys": { "licence_secret": "licence-demo/licence_secret" },
    "http_exact": ["$provider"]
  } }
}
JSON

expohub() { "$build/bin/expohub" --config "$folder/hub/hub.properties" "$@"; }
known=$(expohub secret list --json)
put() { # put SECRET VALUE
    grep -qF "\"$1\"" <<<"$known" || printf %s "$2" | expohub secret put "$1" >/dev/null
}
put sms-demo/access_key_secret "$(section aliyun access_key_secret)"
put licence-demo/licence_secret "$(section licence secret)"
expohub config check >/dev/null || expohub config check
