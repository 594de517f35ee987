#!/usr/bin/env bash
# The simulator shares no source with the connectors it is to judge. usage: simulator.sh SOURCE BUILD
set -euo pipefail
errors=0
if grep -rnE 'connectors/|(payment|sms|licence)_[a-z_]+_protocol' "$1/sdk/simulator" --include='*.cpp' --include='*.hpp' --include=CMakeLists.txt; then
    echo "error: sdk/simulator must not use a connector's source"
    errors=1
fi
objects=$(ninja -C "$2" -t inputs bin/expohub-simulator | grep -c '^connectors/' || true)
[ "$objects" -eq 0 ] || { echo "error: expohub-simulator is linked from $objects files of connectors"; errors=1; }
echo "simulator: $errors errors"
[ "$errors" -eq 0 ]
