#!/usr/bin/env bash
# The SDK outside of this tree: installs it into an empty prefix, copies each template out of it,
# builds the copy with find_package(hub_sdk) and runs its test. Prints a line for each check. The
# template of a connector is partner.sh's, which follows the guide with it.
# usage: outside.sh BUILD
set -euo pipefail
build=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
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
        cat "$work/log"
    fi
}

exports_the_entry_only() {
    [ "$(nm -D --defined-only --format=posix "$1" | cut -d ' ' -f 1)" = hub_plugin_entry ]
}

has_digest() { # has_digest MANIFEST LIBRARY
    grep -q "\"sha256\" *: *\"$(sha256sum "$2" | cut -d ' ' -f 1)\"" "$1"
}

# The suite works with the installed programs alone. A machine for builds may lack Landlock or namespaces.
passes_conformance() { # passes_conformance LIBRARY
    "$prefix/bin/expohub-conform" "$1" --sandbox without_both --report "$work/report.json" &&
        grep -q '"failed": 0' "$work/report.json"
}

is_a_plugin() { grep -q '"kind" *: *"plugin"' "$1"; }

refuses_plugins() { ! "$prefix/bin/expohub-conform" "$1"; }

names_no_path() { ! grep -rIl "$build" "$prefix"; }

prefix=$work/prefix
check "the SDK installs" cmake --install "$build" --component sdk --prefix "$prefix"
check "no file names the tree that it was built in" names_no_path
for program in expohub expohub-plugin-host expohub-simulator expohub-conform; do
    check "$program is there" test -x "$prefix/bin/$program"
done
for file in ABI.md PROTOCOL.md README.md CHANGELOG.md CONFORMANCE.md SIMULATOR.md contracts/payment.json; do
    check "$file is there" test -s "$prefix/share/hub_sdk/$file"
done

for template in "$prefix"/share/hub_sdk/templates/*/; do
    name=$(basename "$template")
    [ "$name" != connector ] || continue
    copy=$work/partner/$name
    mkdir -p "$work/partner"
    cp -r "$template" "$copy"
    launcher=$(command -v ccache || true)
    check "$name configures" cmake -G Ninja -S "$copy" -B "$copy/build" \
        "-DCMAKE_PREFIX_PATH=$prefix" "-DCMAKE_CXX_COMPILER_LAUNCHER=$launcher"
    check "$name builds" ninja -C "$copy/build" -j 2
    check "$name passes its test" ctest --test-dir "$copy/build" --no-tests=error --output-on-failure
    library=$(find "$copy/build/lib" -name '*.so' | head -1)
    check "$name exports hub_plugin_entry and nothing else" exports_the_entry_only "$library"
    check "$name's manifest names the library's digest" has_digest "$(dirname "$library")/manifest.json" "$library"
    if is_a_plugin "$(dirname "$library")/manifest.json"; then
        check "conformance says that it judges no plugins" refuses_plugins "$library"
    else
        check "$name passes conformance" passes_conformance "$library"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
