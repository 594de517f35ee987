#!/usr/bin/env bash
# Proves that a hostile library gets nothing on a fresh Debian 12, as root and as a plain user of
# that system. What the kernel lacks is skipped by its name; a test that skips what this kernel has
# fails the proof.
# usage: sandbox.sh [--keep] [--cached] [--built]
#   --keep, --cached  see fresh.sh
#   --built           takes the programs that this tree has built, instead of building them in there
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/debian.sh"

inside='' pieces=''
while [ $# -gt 0 ]; do
    case "$1" in
    --keep) keep=yes ;;
    --cached) cached=yes ;;
    --built) built=yes ;;
    --inside) inside=$2 && shift ;;
    --pieces) pieces=$2 && shift ;; # what the kernel has, as seen from outside
    *) die "unknown argument $1; usage: sandbox.sh [--keep] [--cached] [--built]" ;;
    esac
    shift
done

# What the running kernel has, asked on the machine itself: a piece that is lost on the way into
# the fresh system is a mistake of this script. A test asks the kernel itself, too.
pieces_of_kernel() {
    # landlock_create_ruleset, which with flag 1 tells its version
    if perl -e 'exit(syscall(444, 0, 0, 1) > 0 ? 0 : 1)'; then echo landlock; fi
    if unshare --net --ipc --uts true 2>/dev/null; then echo namespaces_root; fi
    if setpriv --reuid 65534 --regid 65534 --clear-groups \
        unshare --user --net --ipc --uts true 2>/dev/null; then echo namespaces_plain; fi
}

has() { [[ " $pieces " == *" $1 "* ]]; }

# What root starts, it runs once more as a plain user.
has_namespaces() { has "namespaces_$1" && has namespaces_plain; }

skips=()
skip() { # skip USER WHAT
    skips+=("skipped as $1: $2")
    say "skipped as $1: $2"
}

run_test() { # run_test USER PROGRAM SUITE
    local as=() home=/root
    if [ "$1" = plain ]; then
        as=(setpriv --reuid visitor --regid visitor --init-groups --)
        home=/home/visitor
    fi
    in_debian HOME="$home" HUB_SOURCE_DIR="$PWD" HUB_BUILD_DIR="$PWD/.build/release" \
        timeout 900 "${as[@]}" ".build/release/tests/$2" --only "$3" 2>&1
}

# Passes when all tests passed and whatever was skipped is missing in this kernel.
attack() { # attack USER PROGRAM SUITE
    local user=$1 log=/run/attack.log line wrong_skips=0
    run_test "$@" | tee "$log" >&2 || return 1
    grep -qE '^[1-9][0-9]* passed, 0 failed' "$log" || return 1
    while IFS= read -r line; do
        line=${line#*skipped: }
        case "$line" in
        'files: this machine has no Landlock') has landlock || { skip "$user" "$line"; continue; } ;;
        namespaces:*) has_namespaces "$user" || { skip "$user" "$line"; continue; } ;;
        esac
        say "as $user, $3 skipped what this machine has: $line"
        wrong_skips=1
    done < <(grep -o 'skipped: .*' "$log" || :)
    return "$wrong_skips"
}

attack_all() {
    local user
    for user in root plain; do
        step "host, as $user" 600 attack "$user" test_integration_plugin_host hostile
        if has landlock; then
            step "hub, as $user" 900 attack "$user" test_integration_hub hostile_connector
        else
            skip "$user" "the hub's files: this kernel has no Landlock"
        fi
    done
}

inside() {
    debian_enter "$inside"
    if [ -n "$built" ]; then
        step "setup" 900 in_debian ./hub setup
        cd "$source_folder"
    else
        step "build" 3600 in_debian ./hub build test_integration_plugin_host test_integration_hub
    fi
    step "plain user" 10 in_debian useradd --create-home visitor
    attack_all
    [ ${#skips[@]} -eq 0 ] || printf '%s\n' "${skips[@]}"
    finish
}

if [ -n "$inside" ]; then inside; else debian_outside --pieces "$(pieces_of_kernel | paste -sd ' ')"; fi
