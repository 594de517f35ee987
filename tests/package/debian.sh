#!/usr/bin/env bash
# A fresh Debian 12 in a folder with a clone of HEAD in it, and steps that are timed in there. Sourced
# by the proofs of this folder; such a script calls `debian_outside ARGUMENT…`, which runs it again
# with "--inside ROOT" before those arguments; that half calls debian_enter, then step and finish.
# The system is entered by mount namespace and pivot_root, as a real one is: for a process in a
# chroot the kernel makes no user namespace. When the script ends, so do its mounts and processes.
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$source_folder/.build/fresh
base=$work/debian-12.tar
self=$(readlink -f "$0")
me=$(basename "$0" .sh)
keep='' cached='' built=''
die() { printf '%s: %s\n' "$me" "$*" >&2; exit 1; }
say() { printf '\033[1m%s: %s\033[0m\n' "$me" "$*" >&2; }

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

debian_outside() {
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
    chmod 755 "$root"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    git clone -q --no-hardlinks "$source_folder" "$root/srv/expohub"
    say "cloned $(git -C "$root/srv/expohub" log -1 --format='%h %s')"
    # unshare itself heeds no signal; with --kill-child its end is the end of every process in there.
    unshare --mount --pid --fork --kill-child "$self" --inside "$root" "$@" ${cached:+--cached} ${built:+--built} &
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
        mkdir -p "$root/var/cache/ccache"
        mount --bind "$(ccache --get-config cache_dir)" "$root/var/cache/ccache"
    fi
    if [ -n "$built" ]; then
        mkdir -p "$root$source_folder"
        mount --bind "$source_folder" "$root$source_folder"
        mount -o remount,bind,ro "$root$source_folder"
    fi
    local shared=$source_folder/../shared
    if [ -d "$shared" ]; then
        mkdir -p "$root/srv/shared"
        mount --bind -o ro "$shared" "$root/srv/shared"
    fi
}

debian_enter() { # debian_enter ROOT
    root=$1 wrong=''
    mount --bind "$root" "$root" # pivot_root wants a mount
    mount_system
    cd "$root"
    pivot_root . mnt
    cd /srv/expohub
    hash -r
    umount --lazy /mnt
}

# No HOME, no locale, no login: what a service or a CI runner gives.
in_debian() {
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
        HUB_HTTP_PORT="${HUB_HTTP_PORT:-8080}" HUB_HTTPS_PORT="${HUB_HTTPS_PORT:-8443}" \
        HUB_SIMULATOR_PORT="${HUB_SIMULATOR_PORT:-9443}" ${cached:+CCACHE_DIR=/var/cache/ccache} "$@"
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
