#!/usr/bin/env bash
# A recorded proof counts as long as what it covers is unchanged, and not a commit longer.
# Method: a small repository of its own.
set -euo pipefail
source_folder=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/tests/support" "$folder/kernel"
cp "$source_folder/tests/support/proof.sh" "$folder/tests/support/"
cd "$folder"
git init -q .
git config user.name test && git config user.email test@example.invalid
commit() { git add -A && git commit -qm "$1"; }
proof=tests/support/proof.sh
failed=0 passed=0
expect() { # expect CODE TEXT COMMAND…
    local code=$1 text=$2 output status=0
    shift 2
    output=$("$@" 2>&1) || status=$?
    if [ "$status" -eq "$code" ] && [[ "$output" == *"$text"* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'expected %s and "%s" of %s, got %s: %s\n' "$code" "$text" "$*" "$status" "$output"
    fi
}
echo one >kernel/a.cpp
commit first
expect 1 'no long proof is recorded' $proof status
expect 2 'is no folder' $proof record nowhere true
expect 2 'the run failed' $proof record kernel false
expect 0 'lost 0' $proof record kernel echo --seed 7 'lost 0'
commit record
expect 0 '1 stand, 0 stale' $proof status
grep -q $'\t7\tkernel=' tests/proof.tsv || { failed=$((failed + 1)); echo 'the seed is not recorded'; }
expect 0 'no seed' $proof record kernel echo 'no seed'
commit 'a second record'
expect 0 '2 stand, 0 stale' $proof status
bench='route.sync 0.31 (>= 0.33 missed) · route.p50 3 (<= 4 ok)'
expect 0 missed $proof record kernel echo "$bench"
commit 'a missed mark'
expect 0 'stands, missed' $proof status
expect 0 '3 stand, 0 stale, 1 missed' $proof status
grep -q $'\tmissed\troute.sync' tests/proof.tsv || { failed=$((failed + 1)); echo 'the verdict is not recorded'; }
expect 2 'void' $proof record kernel echo 'route.sync 0.31 (void) · route.p50 3 (<= 4 ok)'
expect 2 'void' $proof record kernel echo '{"name":"route.sync","verdict":"void"}'
expect 0 'nothing is avoided or missed' $proof record kernel echo 'nothing is avoided or missed'
commit 'words that are no verdicts'
expect 0 '4 stand, 0 stale, 1 missed' $proof status
echo two >kernel/a.cpp
expect 2 'commit first' $proof record kernel true
commit second
expect 1 'changed since: kernel' $proof status
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
