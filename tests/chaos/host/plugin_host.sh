#!/bin/sh
# Stands for expohub-plugin-host in an installation that is to be broken: notes which process hosts
# which library, lends the recorder the writing end of a pipe, and becomes the real host, which
# confines itself as always. Through that one descriptor the recorder can tell what it saw although
# it reaches no file. In its folder are: hosts/, limits/, record.fifo, plugin-host.real.
folder=${0%/*}
library=${HUB_HOST_LIBRARY##*/lib}
library=${library%.so}
echo "$$" >"$folder/hosts/$library"
# As of ulimit, in KiB: "-v 700000" for addresses, "-d 50000" for data.
if [ -r "$folder/limits/$library" ]; then
    read -r limit <"$folder/limits/$library"
    # shellcheck disable=SC2086  # two words
    ulimit $limit
fi
if [ "$library" = chaos_recorder ]; then
    exec "$folder/plugin-host.real" "$@" 9>"$folder/record.fifo"
fi
exec "$folder/plugin-host.real" "$@"
