#!/usr/bin/env bash
# Misuse that the compiler must refuse. Each file compiles as it stands; with WRONG defined it must
# not, and the compiler must say what the file's line "// refused: TEXT" quotes.
# usage: compile_fail.sh COMPILER INCLUDE_FOLDER FILE…
set -euo pipefail
compiler=$1 include=$2
shift 2
passed=0 failed=0

try() { LC_ALL=C "$compiler" -std=c++20 -fsyntax-only -Werror=unused-result -I "$include" "${@:2}" "$1" 2>&1; }

check() {
    local file=$1 said
    said=$(try "$file") || { echo "$said"; echo "the right use does not compile"; return 1; }
    ! said=$(try "$file" -DWRONG) || { echo "the wrong use compiles"; return 1; }
    grep -qF "$(sed -n 's,^// refused: ,,p' "$file")" <<<"$said" || { echo "$said"; echo "refused for another reason"; return 1; }
}

for file in "$@"; do
    if why=$(check "$file"); then
        passed=$((passed + 1))
        echo "ok   $(basename "$file" .cpp)"
    else
        failed=$((failed + 1))
        echo "FAIL $(basename "$file" .cpp): $why"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
