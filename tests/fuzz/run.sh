#!/usr/bin/env bash
# Fuzzes coverage-guided with clang's libFuzzer under the address and undefined sanitizers. All it
# makes is in .build/fuzz: build/, corpus/<target>/, findings/<target>/, log/<target>.
# usage: tests/fuzz/run.sh [target|all] [seconds per target]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
wanted=${1:-all} seconds=${2:-600}
die() { printf 'fuzz: %s\n' "$*" >&2; exit 2; }
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "\"$seconds\" must be a number of seconds"

targets=()
for source in tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$source" _fuzz.cpp)
    if [ "$wanted" = all ] || [ "$wanted" = "$name" ]; then targets+=("$name"); fi
done
[ ${#targets[@]} -gt 0 ] || die "there is no target \"$wanted\"; see tests/fuzz/*_fuzz.cpp"

command -v clang++-14 >/dev/null || die "clang++-14 is missing; apt-get install clang-14"
runtime=$(clang++-14 -print-resource-dir)/lib/linux/libclang_rt.fuzzer-$(uname -m).a
[ -e "$runtime" ] || die "libFuzzer is missing; apt-get install libclang-rt-14-dev"

root=.build/fuzz build=.build/fuzz/build
# -w: the warnings of our own targets are g++'s, which judges them in every other build.
[ -f "$build/build.ninja" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DHUB_FUZZ=ON -DHUB_SANITIZE=address \
    "-DCMAKE_CXX_FLAGS=-w -fsanitize=fuzzer-no-link" "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1" \
    >/dev/null || die "the build can't be configured; see above"
cmake --build "$build" --target fuzz_seeds "${targets[@]/#/fuzz_}" >&2 || die "the build failed; see above"

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:handle_abort=1 UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0
mkdir -p "$root/log"
findings=0
for name in "${targets[@]}"; do
    corpus=$root/corpus/$name found=$root/findings/$name
    mkdir -p "$corpus" "$found"
    rm -rf "$root/seeds/$name"
    "$build/tests/fuzz_seeds" "tests/fuzz/seeds/$name" "$root/seeds/$name"
    before=$(find "$found" -type f | wc -l)
    # Longer inputs than the longest seed, so that limits are reached.
    "$build/tests/fuzz_$name" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$found/" "$corpus" "$root/seeds/$name" \
        >"$root/log/$name" 2>&1 || status=$?
    after=$(find "$found" -type f | wc -l)
    new=$((after - before))
    # An engine that ended without keeping an input has found something, too: its log says what.
    if [ "${status:-0}" -ne 0 ] && [ "$new" -eq 0 ]; then new=1; fi
    status=0
    findings=$((findings + new))
    runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$root/log/$name")
    cover=$(grep -aoE 'cov: [0-9]+' "$root/log/$name" | tail -1 || true) # none when a seed is the finding
    echo "$name: ${runs:-?} runs, ${cover:-cov: ?}, $(find "$corpus" -type f | wc -l) inputs kept, $new findings"
    if [ "$new" -gt 0 ]; then
        grep -aE 'ERROR|SUMMARY|runtime error|expectation failed|Test unit written' "$root/log/$name" | cut -c1-300 || true
    fi
done
echo "${#targets[@]} targets, $findings findings"
[ "$findings" -eq 0 ]
