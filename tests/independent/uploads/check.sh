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

"$here/../npm_client.sh" "$here" "$client" || die "the libraries are missing; see above"

program=$build/tests/independent_uploads
python3 "$here/judge.py" "$program" "$folder" || die "python does not agree; see above"
node "$here/judge.js" "$client" "$program" "$folder" || die "node does not agree; see above"
echo "1 passed, 0 failed"
