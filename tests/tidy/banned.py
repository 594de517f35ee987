#!/usr/bin/env python3
"""House rules that a formatter can't express: patterns of banned.txt, each with what to use
instead. A line may end with `// tidy: allow <reason>`."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()
HERE = pathlib.Path(__file__).resolve().parent
SUFFIXES = {".c", ".cpp", ".css", ".h", ".hpp", ".js", ".sql"}


def rules():
    for line in (HERE / "banned.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            folders, pattern, instead = line.split("\t")
            yield folders.split("|"), re.compile(pattern), instead


def main():
    errors = files = 0
    all_rules = list(rules())
    for top in ("kernel", "sdk", "plugins", "connectors", "tests"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix not in SUFFIXES:
                continue
            files += 1
            name = str(path.relative_to(ROOT))
            mine = [rule for rule in all_rules if any(name.startswith(f + "/") for f in rule[0])]
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                for _, pattern, instead in mine:
                    found = pattern.search(line)
                    if found and "tidy: allow" not in line:
                        print(f"{name}:{number}: error: {found.group(0)}; use {instead}")
                        errors += 1
    if files == 0:
        print("error: no source was found")
        errors += 1
    print(f"{files} files, {errors} banned uses")
    return errors


sys.exit(1 if main() else 0)
