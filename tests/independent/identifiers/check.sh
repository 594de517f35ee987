#!/usr/bin/env bash
# Lets libraries of other people (npm: stdnum, mrz, libphonenumber-js) judge what plugins/identifiers
# takes and refuses. They are installed into the build folder, at the versions that package-lock.json
# pins.
# usage: check.sh BUILD_FOLDER
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
client=$1/independent/identifiers/client
"$here/../npm_client.sh" "$here" "$client" || { echo "0 passed, 1 failed"; exit 1; }
exec node "$here/check.js" "$client" "$1/tests/independent_verdicts"
