#!/usr/bin/env bash
# Takes a picture of the simulated wallet's payment page as a phone shows it.
# usage: shot.sh BUILD FOLDER [FILE]
set -euo pipefail
folder=$2 file=${3:-tests/e2e/payment-page.png}
hub=$(sed -n 's/^public_url = //p' "$folder/hub/hub.properties")
answer=$(curl -sS --max-time 30 --cacert "$folder/simulator/ca.pem" "$hub/api/v1/payments" \
    -H "Authorization: Bearer $(cat "$folder/sample.key")" -H "Idempotency-Key: shot-$(date +%s%N)" \
    -H 'Prefer: wait=10' -H 'Content-Type: application/json' \
    -d "{\"order_ref\":\"SHOT-$(date +%s%N)\",\"method\":\"scan\",\"amount_minor\":20000,\"currency\":\"CNY\",\"subject\":\"Badge fee 证件费\"}")
code=$(sed -n 's/.*"qr_code":"\([^"]*\)".*/\1/p' <<<"$answer")
[ -n "$code" ] || { echo "hub: no code came back: $answer" >&2; exit 1; }
curl -sS -o /dev/null --cacert "$folder/simulator/ca.pem" -X POST "$code/open" # as a person presses it
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --ignore-certificate-errors --user-data-dir="$profile" --window-size=390,844 \
    --force-device-scale-factor=2 --screenshot="$file" "$code" >/dev/null 2>&1
echo "$file shows $code"
