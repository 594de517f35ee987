#!/usr/bin/env bash
# Lets a WeChat Pay client of other people (npm: wechatpay-node-v3) judge what payment_wechat sends,
# and drive the simulated WeChat Pay. The client is installed into the build folder, at the versions
# that package-lock.json pins.
# usage: check.sh BUILD_FOLDER
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
build=$1 folder=$1/independent/wechat
client=$folder/client
die() { printf 'independent: %s\n' "$*" >&2; echo "0 passed, 1 failed"; exit 1; }

"$here/../npm_client.sh" "$here" "$client" || die "the client is missing; see above"
"$build/tests/independent_capture" wechat "$folder/captured" || die "nothing was captured; see above"
exec node "$here/check.js" "$client" "$folder/captured" "$build/bin/expohub-simulator" "$folder/simulator"
