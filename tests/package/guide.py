"""Takes the timed path out of the partner's guide: its commands as one script, its length as minutes.

Commands stand in ```sh blocks; another block of commands in the section is an error, so that none goes
unrun. The line `<!-- timed: FILE … -->` names the files that the path tells to read, in the folder
that `expohub connector new` makes. The minutes that the guide states must be those that it takes.
usage: guide.py script GUIDE SCRIPT          writes the commands, one `ok   3.N` after each block
       guide.py minutes GUIDE FOLDER         FOLDER holds the files to read
"""

import re
import sys
from pathlib import Path

SECTION = re.compile(r"^## 3\. .*?(?=^## 4\. )", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
STATED = re.compile(r"(?P<reading>\d+) minutes of reading.*?(?P<editing>\d+) of editing", re.DOTALL)
FILES = re.compile(r"<!-- timed: (?P<names>.+) -->")
READ_A_MINUTE = 200
TYPED_A_MINUTE = 20
MINUTES_MAX = 30


def section(guide: Path) -> str:
    found = SECTION.search(guide.read_text(encoding="utf-8"))
    if found is None:
        sys.exit(f"{guide}: there is no section 3 before a section 4")
    return found[0]


def blocks(guide: Path) -> list[tuple[str, str]]:
    """Number of the subsection and commands, in their order."""
    text = section(guide)
    found = []
    for block in BLOCK.finditer(text):
        if block["kind"] != "sh":
            sys.exit(f'{guide}: a block of kind "{block["kind"]}" in section 3 would go unrun; make it sh')
        numbers = re.findall(r"^### (3\.\d+) ", text[: block.start()], re.MULTILINE)
        found.append((numbers[-1] if numbers else "3", block["code"]))
    indented = re.search(r"\n\n    \S", BLOCK.sub("", text))
    if not found or indented:
        sys.exit(f"{guide}: section 3 has no ```sh block, or commands that are indented only")
    return found


def script(guide: Path) -> str:
    lines = ["set -euo pipefail"]
    for number, code in blocks(guide):
        lines += [f"echo '== {number}'", code.rstrip("\n"), f"echo 'ok   {number}'"]
    return "\n".join(lines) + "\n"


def words(text: str) -> int:
    return len(text.split())


def minutes(guide: Path, folder: Path) -> int:
    text = section(guide)
    named = FILES.search(text)
    stated = STATED.search(text)
    if named is None or stated is None:
        sys.exit(f"{guide}: section 3 names no files to read, or states no minutes")
    typed = sum(words(code) for _, code in blocks(guide))
    read = words(BLOCK.sub("", text)) + sum(
        words((folder / name).read_text(encoding="utf-8")) for name in named["names"].split()
    )
    reading = round(read / READ_A_MINUTE)
    editing = round(typed / TYPED_A_MINUTE)
    print(f"{read} words to read, {reading} min; {typed} words to type, {editing} min")
    wrong = (int(stated["reading"]), int(stated["editing"])) != (reading, editing)
    if wrong:
        print(f"{guide}: states {stated['reading']} and {stated['editing']} minutes; correct it")
    if reading + editing > MINUTES_MAX:
        print(f"{guide}: the path must take at most {MINUTES_MAX} minutes; shorten it")
    return 1 if wrong or reading + editing > MINUTES_MAX else 0


def main() -> int:
    what, guide, other = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if what == "minutes":
        return minutes(guide, other)
    other.write_text(script(guide), encoding="utf-8")
    return 0


sys.exit(main())
