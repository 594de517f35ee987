"""Compiles the C++ of a document, so that what partners copy works.

A fenced ```cpp block follows a line `<!-- compiled: name -->`; blocks of one name are one file, in
the order in which they stand. A block without that line is an error.
usage: snippets.py COMPILER INCLUDE_FOLDER DOCUMENT
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"^(?P<before>[^\n]*)\n```cpp\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- compiled: (?P<name>[a-z_]+) -->")
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]


def snippets(document: Path) -> dict[str, str]:
    """The files by name; #line makes the compiler speak of the document's lines."""
    text = document.read_text(encoding="utf-8")
    files: dict[str, str] = {}
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("code")) + 1
        mark = MARK.fullmatch(block["before"].strip())
        if mark is None:
            sys.exit(f"{document}:{line}: this block is not marked; put <!-- compiled: name --> before it")
        code = f'#line {line} "{document}"\n{block["code"]}'
        files[mark["name"]] = files.get(mark["name"], "") + code
    if text.count("```cpp") != len(BLOCK.findall(text)):
        sys.exit(f"{document}: a cpp block is indented or does not end")
    return files


def main() -> int:
    compiler, include, document = sys.argv[1:]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, code in snippets(Path(document)).items():
            source = Path(folder) / f"{name}.cpp"
            source.write_text(code, encoding="utf-8")
            done = subprocess.run([compiler, *FLAGS, "-I", include, str(source)], check=False)
            passed += done.returncode == 0
            failed += done.returncode != 0
            print(f'{"ok  " if done.returncode == 0 else "FAIL"} {name}')
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


sys.exit(main())
