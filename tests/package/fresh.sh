#!/usr/bin/env bash
# Proves the newcomer's promise: makes a fresh Debian 12 in a folder, clones HEAD into it and runs
# there ./hub up, demo, down and up again; with --test also ./hub test. Prints how long each took.
# The system runs in namespaces of its own: when this script ends, so do its mounts and processes.
# usage: fresh.sh [--test] [--keep] [--cached]
#   --keep    leaves the folder behind
#   --cached  keeps a compiler cache from run to run: then building takes no true time
set -euo pipefail
source_folder=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
work=$source_folder/.build/fresh
base=$work/debian-12.tar
die() { printf 'fresh: %s\n' "$*" >&2; exit 1; }
say() { printf '\033[1mfresh: %s\033[0m\n' "$*" >&2; }

test='' keep='' cached='' inside=''
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

debian_mirror() {
    local address
    address=$(sed -nE 's/^URIs: *(\S+).*/\1/p; s/^deb (\[[^]]*\] )?(\S+).*/\2/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
    printf '%s\n' "${address:-http://deb.debian.org/debian}"
}

# A Debian as its installer leaves it, with this machine's mirrors and proxies.
make_base() {
    [ -s "$base" ] && return
    command -v debootstrap >/dev/null || die "debootstrap is missing; apt-get install debootstrap"
    say "making a Debian 12 (once; kept in $base)"
    mkdir -p "$work"
    rm -rf "$work/base"
    # debootstrap mounts things, too.
    unshare --mount --pid --fork --kill-child \
        debootstrap --variant=minbase bookworm "$work/base" "$(debian_mirror)" >"$work/debootstrap.log" ||
        die "debootstrap failed; is there a network? See $work/debootstrap.log"
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
        if [ -s "$file" ]; then
            cp "$file" "$work/base$file"
        else
            rm -f "$work/base$file"
        fi
    done
    apt-config dump Acquire | grep -E '^Acquire::(https?|Retries|Check-)' >"$work/base/etc/apt/apt.conf.d/50machine" || :
    tar -C "$work/base" -cf "$base.part" .
    mv "$base.part" "$base"
    rm -rf "$work/base"
}

outside() {
    [ "$(id -u)" -eq 0 ] || die "only root can make a root file system; run it as root"
    git -C "$source_folder" diff --quiet HEAD || say "uncommitted changes are not in the clone"
    make_base
    root=$(mktemp -d "$work/root.XXXXXX")
    if [ -n "$keep" ]; then
        trap 'say "kept: $root"' EXIT
    else
        trap 'rm -rf --one-file-system "$root"' EXIT
    fi
    tar -C "$root" -xpf "$base"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    git clone -q --no-hardlinks "$source_folder" "$root/srv/expohub"
    say "cloned $(git -C "$root/srv/expohub" log -1 --format='%h %s')"
    # unshare itself heeds no signal; with --kill-child its end is the end of every process in there.
    unshare --mount --pid --fork --kill-child "$0" --inside "$root" ${test:+--test} ${cached:+--cached} &
    local child=$!
    trap 'kill -KILL "$child"; wait "$child" || exit 1' TERM INT HUP
    wait "$child"
}

mount_system() {
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    if [ -n "$cached" ]; then
        mkdir -p "$work/ccache" "$root/var/cache/ccache"
        mount --bind "$work/ccache" "$root/var/cache/ccache"
    fi
    local shared=$source_folder/../shared
    if [ -d "$shared" ]; then
        mkdir -p "$root/srv/shared"
        mount --bind -o ro "$shared" "$root/srv/shared"
    fi
}

# No HOME, no locale, no login: what a service or a CI runner gives.
in_debian() {
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
        HUB_HTTP_PORT="${HUB_HTTP_PORT:-8080}" HUB_HTTPS_PORT="${HUB_HTTPS_PORT:-8443}" \
        HUB_SIMULATOR_PORT="${HUB_SIMULATOR_PORT:-9443}" ${cached:+CCACHE_DIR=/var/cache/ccache} \
        chroot "$root" sh -c 'cd /srv/expohub && exec "$@"' sh "$@"
}

# Seconds of processor time of what has ended so far: a busy machine does not distort them.
used=0
read_used() {
    local field
    read -ra field </proc/self/stat
    used=$(((field[15] + field[16]) / $(getconf CLK_TCK)))
}

results=()
step() { # step NAME SECONDS_ALLOWED COMMAND…
    local name=$1 allowed=$2 begin=$SECONDS status=0 taken verdict=ok used_before
    shift 2
    say "$name"
    read_used
    used_before=$used
    "$@" || status=$?
    taken=$((SECONDS - begin))
    read_used
    [ "$taken" -le "$allowed" ] || verdict="too slow (allowed: $allowed s)"
    [ "$status" -eq 0 ] || verdict="failed with $status"
    results+=("$(printf '%-20s %5d s, processors %5d s  %s' "$name" "$taken" $((used - used_before)) "$verdict")")
    [ "$verdict" = ok ] || wrong=yes
    [ "$status" -eq 0 ] || finish
}

finish() {
    printf '%s\n' "${results[@]}"
    [ -z "$wrong" ] || exit 1
    exit 0
}

nothing_runs() {
    local left
    left=$(in_debian ps -eo args | grep -E '^\S*(expohub|supervise)' || :)
    [ -z "$left" ] || { say "still running: $left"; return 1; }
}

inside() {
    root=$inside wrong=''
    mount_system
    step "hub up, first time" 900 in_debian ./hub up
    step "hub demo" 120 in_debian ./hub demo
    step "hub down" 30 in_debian ./hub down
    step "nothing runs on" 5 nothing_runs
    step "hub up, later" 20 in_debian ./hub up
    step "hub down" 30 in_debian ./hub down
    [ -z "$test" ] || step "hub test" 1200 in_debian ./hub test
    finish
}

if [ -n "$inside" ]; then inside; else outside; fi
