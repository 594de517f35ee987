#!/usr/bin/env bash
# Lets libraries of other people (python's own; npm: exceljs, jpeg-js, pngjs) write what
# plugins/uploads reads, and read what it writes. Those of npm are installed into the build folder,
# at the versions that package-lock.json pins.
# usage: check.sh BUILD_FOLDER
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
build=$1 folder=$1/independent/uploads
client=$folder/client
die() { printf 'independent: %s\n' "$*" >&2; echo "0 passed, 1 failed"; exit 1; }

command -v node >/dev/null && command -v npm >/dev/null ||
    die "node or npm is missing; apt-get install nodejs npm (18 or later), or run ./hub setup"

mkdir -p "$client"
pinned=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-64)
if [ "$(cat "$client/installed" 2>/dev/null)" != "$pinned" ]; then
    rm -f "$client/installed"
    cp "$here/package.json" "$here/package-lock.json" "$client/"
    npm ci --prefix "$client" --ignore-scripts --no-audit --no-fund >"$folder/npm.log" 2>&1 || {
        tail -n 20 "$folder/npm.log" >&2
        die "npm could not install the libraries: this test needs a package registry once; check the" \
            "network and \"npm config get registry\", then run it again (log: $folder/npm.log)"
    }
    echo "$pinned" >"$client/installed"
fi

program=$build/tests/independent_uploads
python3 "$here/judge.py" "$program" "$folder" || die "python does not agree; see above"
node "$here/judge.js" "$client" "$program" "$folder" || die "node does not agree; see above"
echo "1 passed, 0 failed"
