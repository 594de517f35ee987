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

command -v node >/dev/null && command -v npm >/dev/null ||
    die "node or npm is missing; apt-get install nodejs npm (18 or later), or run ./hub setup"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || die "node is $major, must be 18 or later"

mkdir -p "$client"
pinned=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-64)
if [ "$(cat "$client/installed" 2>/dev/null)" != "$pinned" ]; then
    rm -f "$client/installed"
    cp "$here/package.json" "$here/package-lock.json" "$client/"
    npm ci --prefix "$client" --ignore-scripts --no-audit --no-fund >"$folder/npm.log" 2>&1 || {
        tail -n 20 "$folder/npm.log" >&2
        die "npm could not install the client: this test needs a package registry once; check the" \
            "network and \"npm config get registry\", then run it again (log: $folder/npm.log)"
    }
    echo "$pinned" >"$client/installed"
fi

"$build/tests/independent_capture" wechat "$folder/captured" || die "nothing was captured; see above"
exec node "$here/check.js" "$client" "$folder/captured" "$build/bin/expohub-simulator" "$folder/simulator"
