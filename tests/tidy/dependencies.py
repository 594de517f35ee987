#!/usr/bin/env python3
"""Checks that #include arrows between folders point only where they may (DESIGN: plugins,
connectors -> sdk <- kernel; inside kernel from the outer to the inner subsystems)."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()
ALLOW = {
    "sdk": {"sdk"},
    "kernel": {"sdk"},
    "plugins": {"sdk"},
    "connectors": {"sdk"},
    "tests": {"kernel", "plugins", "connectors", "sdk"},
}
# Static libraries that only their neighbors and the tests may include: protocols that several
# connectors speak, numbers and files that several plugins take.
SHARED = {"connectors/unionpay_acp", "plugins/identifiers", "plugins/requests", "plugins/uploads"}
# What each subsystem of the kernel may include, beside itself.
INNER = ["base"]
MIDDLE = INNER + ["config", "observe", "store", "security"]
KERNEL = {
    "base": [],
    "config": INNER,
    "observe": INNER,
    "store": INNER + ["observe"],
    "security": INNER + ["store"],
    "journal": MIDDLE,
    "bus": MIDDLE + ["journal"],
    "plugin": MIDDLE + ["journal", "bus"],
    "egress": MIDDLE + ["journal", "bus"],
    "plugin_host": INNER + ["plugin"],
    "gateway": MIDDLE + ["journal", "bus", "plugin", "egress"],
    "app": MIDDLE + ["journal", "bus", "plugin", "egress", "gateway"],
}
SUFFIXES = {".c", ".cpp", ".h", ".hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def unit(path):
    """plugins/payments and plugins/invoices are different units, the kernel is one."""
    parts = path.relative_to(ROOT).parts
    return parts[0] if parts[0] in ("sdk", "kernel", "tests") else "/".join(parts[:2])


def subsystem(path):
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "kernel" and len(parts) > 2 else None


def sources():
    for top in ALLOW:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in SUFFIXES and ".build" not in path.parts:
                yield path


def index(files):
    by_suffix = {}
    for path in files:
        parts = path.relative_to(ROOT).parts
        for i in range(len(parts)):
            by_suffix.setdefault("/".join(parts[i:]), []).append(path)
    return by_suffix


def allowed(source, target):
    if unit(source) == unit(target):
        inner, outer = subsystem(target), subsystem(source)
        return inner == outer or inner is None or inner in KERNEL.get(outer, [inner])
    if unit(target) in SHARED:
        return source.relative_to(ROOT).parts[0] in (target.relative_to(ROOT).parts[0], "tests")
    return target.relative_to(ROOT).parts[0] in ALLOW[source.relative_to(ROOT).parts[0]]


def main():
    files = list(sources())
    by_suffix = index(files)
    errors = 0
    for source in files:
        for number, line in enumerate(source.read_text(errors="replace").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            name = found.group(1)
            targets = by_suffix.get(name, [])
            # A file beside the including one is meant before one that only ends alike.
            beside = source.parent / name
            targets = [beside] if beside in targets else targets
            if targets and not any(allowed(source, target) for target in targets):
                target = targets[0].relative_to(ROOT)
                print(f"{source.relative_to(ROOT)}:{number}: error: must not include {target}")
                errors += 1
    if not files:
        errors += 1
        print("error: no source was found")
    print(f"{len(files)} files, {errors} forbidden includes")
    return errors


sys.exit(1 if main() else 0)
