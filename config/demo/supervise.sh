#!/usr/bin/env bash
# Runs a program and starts it again when it ends with 75 (asked for) or by a signal.
# usage: supervise.sh PIDFILE PROGRAM [argument …]
pidfile=$1
shift
child=
stopping=
# shellcheck disable=SC2317  # called by the trap
stop() { stopping=yes; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null; }
trap stop TERM INT
echo $$ >"$pidfile"
while :; do
    begun=$SECONDS
    "$@" &
    child=$!
    # wait returns early when a signal arrives: wait again until the child has ended.
    while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
    [ -n "$stopping" ] && break
    [ "$code" -eq 75 ] || [ "$code" -gt 128 ] || break
    # One that ends at once would otherwise be started without end.
    [ $((SECONDS - begun)) -ge 1 ] || sleep 0.5
    [ -z "$stopping" ] || break
done
rm -f "$pidfile"
exit "${code:-0}"
