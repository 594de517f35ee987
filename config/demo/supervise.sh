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
    "$@" &
    child=$!
    # wait returns early when a signal arrives: wait again until the child has ended.
    while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
    [ -n "$stopping" ] && break
    [ "$code" -eq 75 ] || [ "$code" -gt 128 ] || break
done
rm -f "$pidfile"
exit "${code:-0}"
