#!/usr/bin/env bash
# Our C++ is formatted by clang-format 14. usage: format.sh SOURCE
set -euo pipefail
cd "$1"
mapfile -t files < <(find kernel sdk plugins connectors tests -name '*.cpp' -o -name '*.hpp' -o -name '*.h' -o -name '*.c')
[ ${#files[@]} -gt 0 ] || { echo "error: no source was found"; exit 1; }
clang-format-14 --dry-run --Werror "${files[@]}"
echo "${#files[@]} files are formatted"
