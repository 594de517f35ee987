#!/usr/bin/env bash
# Stops what up.sh started, the hub first. usage: down.sh FOLDER
set -euo pipefail
folder=$1
# A process number may have gone to somebody else since.
is_ours() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF " $2 "; }
for name in hub simulator; do
    pidfile=$folder/$name.pid
    [ -s "$pidfile" ] || continue
    pid=$(cat "$pidfile")
    if is_ours "$pid" "$pidfile"; then
        kill -TERM "$pid"
        timeout 30 tail --pid="$pid" -f /dev/null ||
            { echo "hub: $name (process $pid) has not stopped in 30 s; see $folder/log" >&2; exit 1; }
        echo "$name stopped"
    fi
    rm -f "$pidfile"
done
