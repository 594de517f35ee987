#!/usr/bin/env bash
# ./hub test: builds everything, runs the tests with ctest, ends with "N passed, N failed".
# usage: run.sh [label] [--sanitize address|thread]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
label='' preset=release jobs=$(nproc)
while [ $# -gt 0 ]; do
    case "$1" in
    --sanitize)
        case "${2:-}" in
        address) preset=asan-ubsan ;;
        thread) preset=tsan ;;
        *) echo "hub: test --sanitize takes address or thread" >&2; exit 2 ;;
        esac
        shift
        ;;
    -*) echo "hub: test does not know $1; see ./hub help" >&2; exit 2 ;;
    *) label=$1 ;;
    esac
    shift
done

HUB_PRESET=$preset ./hub build
# The failpoints' run breaks a hub of preset chaos; with ccache that is a dozen files and the links.
if [ "$preset" = release ] && [[ "$label" =~ ^(chaos)?$ ]]; then
    HUB_PRESET=chaos ./hub build chaos_parts
fi
build=.build/$preset
# Some tests preload a library that breaks the disk under the hub: it comes before the runtime.
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:verify_asan_link_order=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/tests/support/tsan.supp
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp

log=$build/test.log
echo "running the tests${label:+ labeled $label} of preset $preset" >&2
status=0
ctest --test-dir "$build" -j "$jobs" --output-on-failure ${label:+-L "^$label$"} --no-tests=error \
    -O "$log" >&2 || status=$?

# Suites print their own counts; an entry without them counts as one. What an entry that passed
# calls failed was meant to fail.
details=$build/Testing/Temporary/LastTest.log
read -r passed failed < <(awk '
    /^[0-9]+ passed, [0-9]+ failed/ { p = $1; f = $3 }
    /^Test Passed\.$/ { passed += p > 0 ? p : 1; p = f = 0 }
    /^Test Failed\.$/ { passed += p; failed += f > 0 ? f : 1; p = f = 0 }
    END { print passed + 0, failed + 0 }' "$details")
entries_failed=$(grep -cE '\*\*\*(Failed|Timeout|Exception|Not Run)|\*\*\*SEGFAULT' "$log" || true)
skipped=$(grep -cE '\*\*\*Skipped' "$log" || true)
passed=$((passed - skipped)) # ctest writes "Test Passed." for what was skipped, too
[ "$failed" -ge "$entries_failed" ] || failed=$entries_failed
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$status" -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
