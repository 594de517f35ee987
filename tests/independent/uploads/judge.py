#!/usr/bin/env python3
"""Archives and workbooks of python's standard library, read by plugins/uploads, and its spreadsheets
read by python. usage: judge.py PROGRAM FOLDER"""
import csv
import io
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml
import zipfile

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
held = 0


def expect_equal(expected, actual, what):
    global held
    if expected != actual:
        sys.exit(f"this should hold and does not: {what} is {actual!r}, must be {expected!r}")
    held += 1


def run(*words, text=""):
    done = subprocess.run([PROGRAM, *map(str, words)], input=text.encode(), capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr.decode()}")
    return done.stdout.decode()


class Pipe(io.RawIOBase):
    """A stream without a way back: zipfile then writes sizes behind the content."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def sheet(rows):
    root = xml.Element(f"{{{MAIN}}}worksheet")
    data = xml.SubElement(root, f"{{{MAIN}}}sheetData")
    for number, cells in enumerate(rows, 1):
        row = xml.SubElement(data, f"{{{MAIN}}}row", r=str(number))
        for text in cells:
            cell = xml.SubElement(row, f"{{{MAIN}}}c", t="inlineStr")
            xml.SubElement(xml.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text
    return xml.tostring(root, encoding="utf-8", xml_declaration=True)


def write_workbook(file, rows):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Override '
                         'PartName="/book.xml" ContentType="application/vnd.openxmlformats-'
                         'officedocument.spreadsheetml.sheet.main+xml"/></Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships">'
                         f'<Relationship Id="a" Type="{OFFICE}/officeDocument" Target="book.xml"/>'
                         '</Relationships>')
        archive.writestr("book.xml", f'<workbook xmlns="{MAIN}" xmlns:q="{OFFICE}"><sheets>'
                         '<sheet name="list" sheetId="1" q:id="b"/></sheets></workbook>')
        archive.writestr("_rels/book.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">'
                         f'<Relationship Id="b" Type="{OFFICE}/worksheet" Target="list.xml"/>'
                         '</Relationships>')
        archive.writestr("list.xml", sheet(rows))


ROWS = [["姓名", "Document number", "备注"], ["测试", "110101199003071234", "<&>\"' \n=1+1"],
        ["x" * 3000, "+1", " blanks "]]


def judge_workbooks():
    write_workbook(FOLDER / "python.xlsx", ROWS)
    with open(FOLDER / "streamed.xlsx", "wb") as file:
        write_workbook(Pipe(file), ROWS)
    for name in ("python.xlsx", "streamed.xlsx"):
        read = [json.loads(line) for line in run("rows", FOLDER / name).splitlines()]
        expect_equal(ROWS, [[cell[1] for cell in row["cells"]] for row in read], name)
        expect_equal([1, 2, 3], [row["row"] for row in read], f"the rows of {name}")


def judge_archives():
    names = ["照片/张三.jpg", "E12345678.png", "plain.txt"]
    for name, stream in (("python.zip", False), ("streamed.zip", True)):
        with open(FOLDER / name, "wb") as file:
            with zipfile.ZipFile(Pipe(file) if stream else file, "w", zipfile.ZIP_DEFLATED) as archive:
                for entry in names:
                    archive.writestr(entry, entry * 1000)
        read = [json.loads(line) for line in run("archive", FOLDER / name).splitlines()]
        expect_equal([(n, n * 1000) for n in names], [(e["name"], e["content"]) for e in read], name)
        expect_equal("application/zip\n", run("media", FOLDER / name), f"the type of {name}")


def judge_csv():
    (FOLDER / "gbk.csv").write_bytes("姓名,\"a,\"\"b\"\"\"\r\n张三,2\r\n".encode("gbk"))
    read = [json.loads(line) for line in run("rows", FOLDER / "gbk.csv").splitlines()]
    expect_equal([["姓名", 'a,"b"'], ["张三", "2"]], [[c[1] for c in row["cells"]] for row in read],
                 "the CSV in GBK")
    run("write", "csv", FOLDER / "written.csv", text="".join(json.dumps(row) + "\n" for row in ROWS))
    with open(FOLDER / "written.csv", encoding="utf-8-sig", newline="") as file:
        expected = [[("'" if cell[0] in "=+-@" else "") + cell for cell in row] for row in ROWS]
        expect_equal(expected, list(csv.reader(file)), "the CSV that was written")


def judge_written_workbook():
    run("write", "xlsx", FOLDER / "written.xlsx", text="".join(json.dumps(row) + "\n" for row in ROWS))
    with zipfile.ZipFile(FOLDER / "written.xlsx") as archive:
        expect_equal(None, archive.testzip(), "the written archive's first bad entry")
        root = xml.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    expect_equal([], root.findall(f".//{{{MAIN}}}f"), "formulas of the written workbook")
    texts = [[cell.find(f".//{{{MAIN}}}t").text for cell in row] for row in root.iter(f"{{{MAIN}}}row")]
    expect_equal(ROWS, texts, "the written workbook")


judge_workbooks()
judge_archives()
judge_csv()
judge_written_workbook()
print(f"python: {held} checks held")
