#!/usr/bin/env bash
# Long proofs: runs that take too long for every change are recorded with what they were run on.
#   proof.sh record FOLDER[,FOLDER…] COMMAND…   runs it, and writes its line when it succeeds
#   proof.sh status                             says which lines still count; 1 when one is stale
# tests/proof.tsv: command, seed (- for none), folder=tree of each folder that it covers, result, figures, date,
# with tabs between. A line counts as long as those trees are the ones of HEAD. The result is ok, or
# missed: the run was measured correctly, but a figure of it missed its mark. A void measurement is no proof.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
table=${HUB_PROOF_TABLE:-tests/proof.tsv}
die() { printf 'hub: %s\n' "$*" >&2; exit 2; }

tree_of() { git rev-parse --verify --quiet "HEAD:$1" || die "prove: $1 is no folder of this tree"; }

# A benchmark ends well whatever it measured; its lines of JSON and its last line say what became of figures.
says() { grep -qE "\"verdict\": ?\"$1\"|[( ]$1\)" "$2"; }

record() {
    [ $# -ge 2 ] || die "prove-record: give the folders that the run covers, then the command"
    local folders covers='' folder seed=- figures word previous='' result=ok
    IFS=, read -ra folders <<<"$1"
    shift
    [ -z "$(git status --porcelain -- "${folders[@]}")" ] ||
        die "prove-record: commit first; a proof of what is not committed counts for nothing"
    for folder in "${folders[@]}"; do
        covers+="${covers:+ }$folder=$(tree_of "$folder")"
    done
    for word in "$@"; do
        [ "$previous" != --seed ] || seed=$word
        previous=$word
    done
    output=$(mktemp)
    trap 'rm -f "$output"' EXIT
    "$@" 2>&1 | tee "$output" || die "prove-record: the run failed; nothing was recorded"
    ! says void "$output" ||
        die "prove-record: a measurement was void; nothing was recorded. Run it on a quieter machine"
    ! says missed "$output" || result=missed
    figures=$(grep -v '^[[:space:]]*$' "$output" | tail -1 | tr '\t' ' ')
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$*" "$seed" "$covers" "$result" "$figures" "$(date -u +%F)" >>"$table"
}

status() {
    [ -s "$table" ] || { echo "no long proof is recorded in $table; record one with ./hub prove-record"; return 1; }
    local command seed covers result figures date stale=0 missed=0 lines=0 pair changed
    while IFS=$'\t' read -r command seed covers result figures date; do
        [[ "$command" != \#* ]] || continue
        lines=$((lines + 1))
        changed=''
        for pair in $covers; do
            [ "$(git rev-parse --verify --quiet "HEAD:${pair%%=*}")" = "${pair#*=}" ] || changed+=" ${pair%%=*}"
        done
        # Lines of before the result was kept say it in their figures.
        [ "$result" != ok ] || ! says missed <(printf '%s' "$figures") || result=missed
        if [ -z "$changed" ] && [ "$result" = ok ]; then
            printf 'stands  %s  %s: %s\n' "$date" "$command" "$figures"
        elif [ -z "$changed" ] && [ "$result" = missed ]; then
            missed=$((missed + 1))
            printf 'stands, missed  %s  %s: %s\n' "$date" "$command" "$figures"
        else
            stale=$((stale + 1))
            printf 'STALE   %s  %s (changed since:%s); run it again with ./hub prove-record\n' "$date" "$command" "${changed:- result $result}"
        fi
    done <"$table"
    echo "$((lines - stale)) stand, $stale stale, $missed missed"
    [ "$stale" -eq 0 ]
}

case "${1:-}" in
record) shift && record "$@" ;;
status) status ;;
*) die "prove: record or status" ;;
esac
