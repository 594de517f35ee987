#!/bin/sh
# A private PostgreSQL 15 for tests: `postgres.sh start DIR`, `postgres.sh stop DIR`. It listens on
# a Unix socket in DIR only, keeps its data there, syncs like a real one, and leaves nothing behind.
# `halt` ends the server as a crash does and keeps the data; `resume` starts it again on them.
# DIR must be short: the path of a socket takes 107 bytes.
set -eu

bin=/usr/lib/postgresql/15/bin
usage="usage: $0 start|stop|halt|resume DIR"
action=${1:?$usage}
dir=${2:?$usage}

# The server refuses to run as root.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid postgres --regid postgres --init-groups "$@"
    else
        "$@"
    fi
}

is_running() {
    [ -d "$dir/data" ] && as_server "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1
}

# Only what an earlier start made.
remove() {
    if [ -e "$dir" ] && [ ! -e "$dir/initdb.log" ]; then
        echo "$dir: the folder is not one of this script; name another" >&2
        exit 1
    fi
    rm -rf "$dir"
}

try_to_serve() {
    as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s -o \
        "-c listen_addresses= -c unix_socket_directories=$dir -c fsync=on -c max_connections=100" \
        start
}

serve() {
    try_to_serve || { cat "$dir/server.log" >&2; exit 1; }
}

# A server that was killed holds its lock until the system has taken note of its end.
resume() {
    cd "$dir"
    tries=60
    until try_to_serve 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { cat "$dir/server.log" >&2; exit 1; }
    done
}

halt() {
    cd /
    as_server "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop
}

start() {
    if [ ! -x "$bin/initdb" ]; then
        echo "$bin: there is no PostgreSQL 15; install the package postgresql-15" >&2
        exit 1
    fi
    if is_running; then
        return
    fi
    remove
    mkdir -p -m 755 "$dir"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$dir"
    fi
    cd "$dir"
    : >initdb.log
    as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale C.UTF-8 \
        >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
    serve
    # As in production: not a superuser, but one that may make the libraries' roles.
    as_server "$bin/psql" -q -h "$dir" -U postgres -d postgres \
        -c 'CREATE ROLE hub LOGIN CREATEROLE' -c 'CREATE DATABASE hub OWNER hub'
}

stop() {
    if is_running; then
        halt
    fi
    cd /
    remove
}

case "$action" in
start) start ;;
stop) stop ;;
halt) halt ;;
resume) resume ;;
*)
    echo "$usage" >&2
    exit 2
    ;;
esac
