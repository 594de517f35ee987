#!/usr/bin/env bash
# Every loadable library exports hub_plugin_entry and nothing else. usage: exports.sh BUILD
set -euo pipefail
errors=0 count=0
for library in "$1"/lib/*/*.so "$1"/lib-test/*/*.so; do
    count=$((count + 1))
    # Sanitizers add names of their own.
    names=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -vE '^(__asan|__tsan|__ubsan|__sanitizer|__lsan)' | sort | tr '\n' ' ')
    if [ "$names" != "hub_plugin_entry " ]; then
        echo "$library: error: exports \"$names\", must be hub_plugin_entry alone; link with sdk/cmake/hub_plugin.map"
        errors=$((errors + 1))
    fi
done
[ "$count" -gt 0 ] || { echo "error: no library was found in $1/lib"; errors=1; }
echo "$count libraries, $errors with foreign exports"
[ "$errors" -eq 0 ]
