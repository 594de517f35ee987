#!/usr/bin/env bash
# Judges tests/requirements.tsv: R-number<TAB>test or reason<TAB>note. Every requirement of the fair
# has a line. A test (target.suite:method) passes while another rule is switched off in the
# edition's data, and fails when its own is. One behind "always:" proves what no edition switches
# off, as the rules of money; it only has to pass, and the note says why where it isn't money.
# Reasons: screen and image (a picture or layout, nothing to decide), later (the note says what is
# missing).
# usage: check.sh BUILD TABLE
set -euo pipefail
build=$1 table=$2
source_dir=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
export HUB_SOURCE_DIR=$source_dir HUB_BUILD_DIR=$build
proven_min=110
export no_rule=R-000 # switched off while a test has to pass
problems=$(mktemp) wanted=$(mktemp)
trap 'rm -f "$problems" "$wanted"' EXIT

# Every number once, in order, none invented: the gaps are those of the requirements.
{
    seq 1 14; seq 15 36; seq 40 57; seq 60 76; seq 80 102; seq 110 116; seq 120 131; seq 140 155; seq 160 188
    seq 190 201; seq 205 236; seq 240 265; seq 270 284; seq 290 297; seq 300 304; seq 310 315; seq 320 326; seq 330 337
    seq 340 350; seq 360 368; seq 370 371; seq 380 386
} | xargs printf 'R-%03d\n' >"$wanted"
diff "$wanted" <(cut -f1 "$table") >>"$problems" || true

# One line: prints what is wrong with it.
judge() {
    local rule=$1 proof=${2#always:} program suite method said
    case "$proof" in
    screen | image | later) return ;;
    *.*:*) ;;
    *) echo "$rule: \"$proof\" is no test and no reason"; return ;;
    esac
    program=$HUB_BUILD_DIR/tests/test_${proof%%.*}
    suite=${proof#*.} method=${proof##*:} suite=${suite%%:*}
    [ -x "$program" ] || { echo "$rule: there is no $program"; return; }
    if ! said=$(HUB_RULES_OFF=$no_rule "$program" --only "$suite" --test "$method" 2>&1); then
        echo "$rule: $proof does not pass: $(tail -n 1 <<<"$said")"
    elif [ "$proof" != "$2" ]; then
        return
    elif said=$(HUB_RULES_OFF=$rule "$program" --only "$suite" --test "$method" 2>&1) ||
        [[ "$(tail -n 1 <<<"$said")" != '0 passed, 1 failed' ]]; then
        echo "$rule: $proof does not notice that the rule is off: $(tail -n 1 <<<"$said")"
    fi
}
export -f judge
cut -f1,2 "$table" | xargs -P "$(nproc)" -d '\n' -I{} bash -c 'IFS=$'"'\t'"' read -r rule proof <<<"{}"; judge "$rule" "$proof"' >>"$problems"

proven=$(cut -f2 "$table" | grep ':' | grep -vc '^always:' || true)
always=$(cut -f2 "$table" | grep -c '^always:' || true)
[ "$proven" -ge "$proven_min" ] || echo "$proven requirements name a test, at least $proven_min must" >>"$problems"
cat "$problems"
echo "$proven requirements proven, $always always hold, $(wc -l <"$problems") problems"
[ ! -s "$problems" ]
