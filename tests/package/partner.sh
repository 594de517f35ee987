#!/usr/bin/env bash
# The partner's path, literally: runs every command of section 3 of the installed SDK's guide in a home
# of its own, outside of the hub's tree, from `expohub connector new` to a payment through a real hub
# and the suite's verdicts; then looks at what came of it. usage: partner.sh BUILD
set -euo pipefail
build=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
guide=$here/../../sdk/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

check() { # check SENTENCE COMMAND…
    local sentence=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $sentence"
    else
        failed=$((failed + 1))
        echo "FAIL $sentence"
        tail -n 60 "$work/log"
    fi
}

# In the guide the build lies in .build/release of the folder where the partner begins.
mkdir -p "$work/tree/.build" "$work/home"
ln -s "$build" "$work/tree/.build/release"
CCACHE_DIR=${CCACHE_DIR:-$(ccache --get-config cache_dir 2>/dev/null || true)} # of the true home
export CCACHE_DIR HOME=$work/home
export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1 CMAKE_GENERATOR=Ninja CMAKE_BUILD_PARALLEL_LEVEL=2
CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache || true)
export CMAKE_CXX_COMPILER_LAUNCHER
folder=$HOME/payment_mypay
package=$folder/build/lib/payment_mypay

follow_the_guide() {
    local code=0
    (cd "$work/tree" && bash "$work/guide.sh") >"$work/guide.log" 2>&1 || code=$?
    cat "$work/guide.log"
    return "$code"
}

said() { grep -qF -- "$1" "$work/guide.log"; }

says_twice_that_all_rules_are_kept() { [ "$(grep -cE '^[0-9]+ passed, 0 failed, ' "$work/guide.log")" -eq 2 ]; }

names_nothing() { # names_nothing PATTERN FOLDER
    ! grep -rIlE "$1" "$2"
}

exports_the_entry_only() {
    [ "$(nm -D --defined-only --format=posix "$1" | cut -d ' ' -f 1)" = hub_plugin_entry ]
}

has_digest() { # has_digest MANIFEST LIBRARY
    grep -q "\"sha256\" *: *\"$(sha256sum "$2" | cut -d ' ' -f 1)\"" "$1"
}

refuses() { # refuses TEXT ARGUMENT…: with that text, and leaves nothing behind
    local text=$1 said before after
    shift
    before=$(ls -A "$HOME")
    ! said=$(cd "$HOME" && "$HOME/hub_sdk/bin/expohub" connector new "$@" 2>&1) || return 1
    after=$(ls -A "$HOME")
    [[ "$said" == *"$text"* ]] && [ "$before" = "$after" ]
}

check "the guide's section 3 is commands that can be run" python3 "$here/guide.py" script "$guide" "$work/guide.sh"
check "every command of the guide does what it says" follow_the_guide
grep -E '^(ok   3|real)' "$work/guide.log" || true
check "a missing outcome is noticed before it is written" said "as expected: the code is in no table yet"
check "it pays through the hub, before and after the change" test "$(grep -c '^paid 200.00 CNY' "$work/guide.log")" -eq 2
check "it refunds" said "refunded 50.00 CNY"
check "the suite passes it by script" grep -q '"failed": 0' "$folder/report.json"
check "the suite passes it by its own simulator" says_twice_that_all_rules_are_kept
check "no name of the template is left" names_nothing 'payment_example|PaymentExample|Payment Example' "$folder"
check "no file names the hub's tree" names_nothing "$(readlink -f "$here/../..")" "$folder"
check "it exports hub_plugin_entry and nothing else" exports_the_entry_only "$package/libpayment_mypay.so"
check "its manifest names the library's digest" has_digest "$package/manifest.json" "$package/libpayment_mypay.so"
check "a name that is no library's is refused" refuses "must be 1 to 63 of a-z" Payment-Mypay
check "a name that CMake can't build is refused" refuses "is a word of CMake's" test
check "a folder that is there is refused" refuses "is there already" payment_mypay
check "a contract without a template is refused" refuses "must be one that a template implements" payment_other --contract stamps
check "the guide's minutes are true and at most thirty" python3 "$here/guide.py" minutes "$guide" "$folder"
cat "$work/log"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
