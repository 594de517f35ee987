#!/usr/bin/env bash
# What is shipped holds no switch that breaks it: no failpoint, no weakness, no name of one.
# usage: no_switches.sh SOURCE BUILD CONTROL. CONTROL was compiled with the switches: there they
# must be found, or this looks for the wrong thing.
set -euo pipefail
source=$1 build=$2 control=$3
mapfile -t names < <({
    echo HUB_FAILPOINT
    echo HUB_WEAKNESS
    sed -n 's/^ *X([A-Za-z]*, "\([^"]*\)".*/\1/p' "$source/kernel/base/failpoint.hpp"
} | sort -u)
[ ${#names[@]} -gt 30 ] || { echo "error: only ${#names[@]} switches were found in failpoint.hpp"; exit 1; }
mapfile -t checks < <(grep -rhoE '[A-Z]+_WEAK\("[^"]+"\)' "$source/plugins" | sed 's/.*("\(.*\)")/\1/')
[ ${#checks[@]} -ge 3 ] || { echo "error: only ${#checks[@]} switches were found in plugins"; exit 1; }

errors=0
for name in "${names[@]}"; do
    grep -qaF -- "$name" "$control" || { echo "error: $control holds no \"$name\""; errors=$((errors + 1)); }
done
files=("$build"/bin/expohub "$build"/bin/expohub-plugin-host "$build"/lib/*/lib*.so)
for file in "${files[@]}"; do
    for name in "${names[@]}" "${checks[@]}"; do
        if grep -qaF -- "$name" "$file"; then
            echo "error: $file holds \"$name\"; only a build of preset chaos may"
            errors=$((errors + 1))
        fi
    done
done
echo "${#files[@]} programs and libraries, ${#names[@]} + ${#checks[@]} switches, $errors errors"
[ "$errors" -eq 0 ]
