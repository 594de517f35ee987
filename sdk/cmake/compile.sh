#!/bin/sh
# compile.sh CCACHE FOLDER COMPILER… runs the compiler through ccache, with the paths below FOLDER kept
# out of the keys.
#
# A precompiled header is never taken from the cache. Its bits differ with every compilation, and so
# would the keys of all that include it: instead its .sum, made from what the preprocessor sees, stands
# for it. And one that two compilers wrote at a time, the elder left behind by an interrupted build,
# would be kept for good: here each gets a file of its own.
set -eu
ccache=$1
export CCACHE_BASEDIR="$2" CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
# What ccache asks for beside precompiled headers.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
shift 2

header=
previous=
for argument; do
    case "$previous $argument" in
    "-o "*.gch) header=$argument ;;
    esac
    previous=$argument
done
if [ -z "$header" ]; then
    exec "$ccache" "$@"
fi

# What the preprocessor makes of it, in a file of its own.
preprocess() {
    for argument; do
        shift
        [ "$argument" != "$header" ] || argument=$header.seen
        set -- "$@" "$argument"
    done
    "$@" -E -P -dD
}

rm -f "$header" "$header.sum"
preprocess "$@"
"$@"
sha256sum <"$header.seen" >"$header.sum"
rm "$header.seen"
