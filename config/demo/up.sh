#!/usr/bin/env bash
# Starts the simulator and the hub in the background, with sample data; prints where they are.
# usage: up.sh BUILD FOLDER
set -euo pipefail
build=$1 folder=$2
here=$(dirname "$(readlink -f "$0")")
http=${HUB_HTTP_PORT:-8080} https=${HUB_HTTPS_PORT:-8443} simulator=${HUB_SIMULATOR_PORT:-9443}
die() { printf 'hub: %s\n' "$*" >&2; exit 1; }
answers() { curl -sS -o /dev/null --max-time 2 --cacert "$folder/simulator/ca.pem" "$1" 2>/dev/null; }
await() { # await SECONDS NAME COMMAND…
    local until=$((SECONDS + $1)) name=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt $until ] || die "the $name did not come up; $folder/log/$name.out ends with
$(tail -n 5 "$folder/log/$name.out")"
        read -rt 0.1 <> <(:) || :
    done
}
is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

if [ -S "$folder/hub/run/admin.sock" ] && answers "https://127.0.0.1:$https/healthz"; then
    echo "The hub is up already."
else
    "$here/down.sh" "$folder" # what is left of a start that failed
    for port in "$http" "$https" "$simulator"; do
        is_free "$port" || die "port $port is taken; stop what uses it, or set HUB_HTTP_PORT, HUB_HTTPS_PORT, HUB_SIMULATOR_PORT"
    done
    rm -f "$folder"/log/*.out # the last run's "ready" is none of this one's
    "$here/prepare.sh" "$build" "$folder" "$http" "$https" "$simulator"
    "$here/wallets.sh" "$build" "$folder" "$simulator"
    "$here/registration.sh" "$build" "$folder" "$simulator"
    setsid "$here/supervise.sh" "$folder/simulator.pid" "$build/bin/expohub-simulator" serve \
        --folder "$folder/simulator" --port "$simulator" --trust "$folder/simulator/ca.pem" \
        >"$folder/log/simulator.out" 2>&1 </dev/null &
    await 15 simulator grep -q '^ready' "$folder/log/simulator.out"
    setsid "$here/supervise.sh" "$folder/hub.pid" "$build/bin/expohub" \
        --config "$folder/hub/hub.properties" serve >"$folder/log/hub.out" 2>&1 </dev/null &
    await 30 hub answers "https://127.0.0.1:$https/healthz"
fi

expohub() { "$build/bin/expohub" --config "$folder/hub/hub.properties" "$@"; }
if [ ! -s "$folder/sample.key" ]; then
    expohub api-key create --holder "sample portal" --scope payments:read --scope payments:write \
        --scope payments:refund --scope example:read --json | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' >"$folder/sample.key"
fi
cat <<TEXT
hub        http://127.0.0.1:$http  https://127.0.0.1:$https  (API: /api/v1, description: /api/openapi.json)
simulator  https://127.0.0.1:$simulator  (every provider; its CA: $folder/simulator/ca.pem)
API key    $(cat "$folder/sample.key")
command    $build/bin/expohub --config $folder/hub/hub.properties plugin list
stories    ./hub demo, ./hub demo wallets, ./hub demo registration [--edition 4]
TEXT
