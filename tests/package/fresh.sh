#!/usr/bin/env bash
# Proves the newcomer's promise: makes a fresh Debian 12 in a folder, clones HEAD into it and runs
# there ./hub up, demo, down and up again; with --test also ./hub test. Prints how long each took.
# usage: fresh.sh [--test] [--keep] [--cached]
#   --keep    leaves the folder behind
#   --cached  builds with this machine's compiler cache (ccache): then building takes no true time
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/debian.sh"

test='' inside=''
while [ $# -gt 0 ]; do
    case "$1" in
    --test) test=yes ;;
    --keep) keep=yes ;;
    --cached) cached=yes ;;
    --inside) inside=$2 && shift ;; # this script's own second half, in the new namespaces
    *) die "unknown argument $1; usage: fresh.sh [--test] [--keep] [--cached]" ;;
    esac
    shift
done

nothing_runs() {
    local left
    left=$(in_debian ps -eo args | grep -E '^\S*(expohub|supervise)' || :)
    [ -z "$left" ] || { say "still running: $left"; return 1; }
}

inside() {
    debian_enter "$inside"
    step "hub up, first time" 900 in_debian ./hub up
    step "hub demo" 120 in_debian ./hub demo
    step "hub down" 30 in_debian ./hub down
    step "nothing runs on" 5 nothing_runs
    step "hub up, later" 20 in_debian ./hub up
    step "hub down" 30 in_debian ./hub down
    [ -z "$test" ] || step "hub test" 1200 in_debian ./hub test
    finish
}

if [ -n "$inside" ]; then inside; else debian_outside ${test:+--test}; fi
