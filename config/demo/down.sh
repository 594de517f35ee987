#!/usr/bin/env bash
# Stops what up.sh started, the hub first. usage: down.sh FOLDER
folder=$1
for name in hub simulator; do
    pidfile=$folder/$name.pid
    [ -s "$pidfile" ] || continue
    pid=$(cat "$pidfile")
    kill -TERM "$pid" 2>/dev/null && tail --pid="$pid" -f /dev/null
    rm -f "$pidfile"
    echo "$name stopped"
done
