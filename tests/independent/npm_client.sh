#!/usr/bin/env bash
# Installs the npm packages that package.json and package-lock.json of a folder pin into a build folder,
# unless they are there.
# usage: npm_client.sh SOURCE_FOLDER CLIENT_FOLDER
set -euo pipefail
here=$1 client=$2 log=$2/../npm.log
die() { printf 'independent: %s\n' "$*" >&2; exit 1; }

command -v node >/dev/null && command -v npm >/dev/null ||
    die "node or npm is missing; apt-get install nodejs npm (18 or later), or run ./hub setup"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || die "node is $major, must be 18 or later"

mkdir -p "$client"
pinned=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-64)
[ "$(cat "$client/installed" 2>/dev/null)" != "$pinned" ] || exit 0
rm -f "$client/installed"
cp "$here/package.json" "$here/package-lock.json" "$client/"
npm ci --prefix "$client" --ignore-scripts --no-audit --no-fund >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "npm could not install the client: this test needs a package registry once; check the" \
        "network and \"npm config get registry\", then run it again (log: $log)"
}
echo "$pinned" >"$client/installed"
