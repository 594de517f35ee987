#!/usr/bin/env python3
"""Checks that each plugin names its own tables and nobody else's: what its migrations make begins
with its id, and no text of its sources names a table of another plugin or of the hub, except views
that a manifest exports. At run time the store refuses the same (integration_hub.neighbors)."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]).resolve()
MADE = re.compile(r"^\s*CREATE\s+(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)", re.I | re.M)
TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"')
WORD = re.compile(r"\w+")
SUFFIXES = {".cpp", ".hpp", ".sql"}


def made_in(folder):
    names = {}
    for path in sorted(folder.rglob("*.sql")):
        for found in MADE.finditer(path.read_text()):
            line = path.read_text().count("\n", 0, found.start(1)) + 1
            names[found.group(1)] = (path, line)
    return names


def exported(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    views = manifest.get("exports", [])
    return {f"{manifest['id']}_{view['view']}_v{view['version']}" for view in views}


def texts(path):
    """(line, text) of what may be SQL."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if path.suffix == ".sql":
            yield number, line.split("--")[0]
        else:
            for found in TEXT.finditer(line.split("// ")[0]):
                yield number, found.group(0)


def main():
    plugins = {path.parent.name: path.parent for path in sorted(ROOT.glob("plugins/*/manifest.json"))}
    owner = {name: "the hub" for name in made_in(ROOT / "kernel/store/migrations")}
    errors, shared = 0, set()
    for plugin, folder in plugins.items():
        shared |= exported(folder)
        for name, (path, line) in made_in(folder).items():
            owner[name] = plugin
            if not name.startswith(plugin + "_"):
                print(f"{path.relative_to(ROOT)}:{line}: error: {name} must begin with {plugin}_")
                errors += 1
    for plugin, folder in plugins.items():
        for path in sorted(one for one in folder.rglob("*") if one.suffix in SUFFIXES):
            for number, text in texts(path):
                for word in WORD.findall(text):
                    if owner.get(word, plugin) != plugin and word not in shared:
                        print(
                            f"{path.relative_to(ROOT)}:{number}: error: {word} belongs to "
                            f"{owner[word]}; ask it by hub.ask, or read a view that it exports"
                        )
                        errors += 1
    if len(owner) < 2 or len(plugins) < 2:
        errors += 1
        print("error: no tables were found")
    print(f"{len(plugins)} plugins, {len(owner)} tables, {errors} named by strangers")
    return errors


sys.exit(1 if main() else 0)
