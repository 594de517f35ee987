// Input: which part of a workbook on the first line (archive, sheet, strings, styles, workbook or
// format), then its bytes: the checksums of the archive would keep every change from the parts.

#include "expect.hpp"
#include "uploads/number_format.hpp"
#include "uploads/table.hpp"
#include "uploads/text_coding.hpp"
#include "uploads/xlsx_rows.hpp"

#include <map>

#include <zlib.h>

namespace {

using namespace hub::fuzz;

constexpr std::uint32_t kRowsMax = 1000;
constexpr std::uint32_t kCellBytesMax = 1000;

std::string number(std::size_t value, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i, value >>= 8U) {
        bytes += static_cast<char>(value & 0xFFU);
    }
    return bytes;
}

/// Stored, so that what is changed is what is read.
std::string pack(const std::map<std::string, std::string>& parts)
{
    std::string files;
    std::string directory;
    for (const auto& [name, content] : parts) {
        const auto checksum =
            crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
        const std::string common = number(20, 2) + number(0, 8) + number(checksum, 4) +
                                   number(content.size(), 4) + number(content.size(), 4) +
                                   number(name.size(), 2) + number(0, 2);
        directory +=
            "PK\x01\x02" + number(20, 2) + common + number(0, 10) + number(files.size(), 4) + name;
        files += "PK\x03\x04" + common + name + content;
    }
    return files + directory + "PK\x05\x06" + number(0, 4) + number(parts.size(), 2) +
           number(parts.size(), 2) + number(directory.size(), 4) + number(files.size(), 4) +
           number(0, 2);
}

std::string workbookWith(const std::string& part, std::string_view content)
{
    const std::string relations = "<R><Relationship Id=\"a\" Type=\"/worksheet\" Target=\"sheet\"/>"
                                  "<Relationship Id=\"b\" Type=\"/styles\" Target=\"styles\"/>"
                                  "<Relationship Id=\"c\" Type=\"/sharedStrings\" "
                                  "Target=\"strings\"/></R>";
    std::map<std::string, std::string> parts{
        {"_rels/.rels", "<R><Relationship Type=\"/officeDocument\" Target=\"workbook\"/></R>"},
        {"_rels/workbook.rels", relations},
        {"workbook", "<w><sheet name=\"a\" id=\"a\"/></w>"},
        {"sheet",
         "<s><row><c t=\"s\"><v>0</v></c><c s=\"0\"><v>45966</v></c><c s=\"1\"><v>0.5</v></c></row>"
         "</s>"},
        {"styles", "<s><cellXfs><xf numFmtId=\"14\"/><xf numFmtId=\"9\"/></cellXfs></s>"},
        {"strings", "<s><si><t>text</t></si></s>"},
    };
    parts[part] = content;
    return pack(parts);
}

void expectSaid(const uploads::Finding& finding)
{
    expectReadable(uploads::sentence(finding, uploads::Language::Chinese));
    expectReadable(uploads::sentence(finding, uploads::Language::English));
}

void checkWorkbook(std::string_view bytes)
{
    uploads::XlsxOptions options;
    options.rows = {kRowsMax, 50, kCellBytesMax};
    options.archive.entry_bytes_max = 1024UL * 1024;
    options.strings_bytes_max = 64UL * 1024;
    const uploads::MemorySource source(bytes);
    auto opened = uploads::openXlsx(source, options);
    if (!opened.ok()) {
        expectSaid(opened.finding());
        return;
    }
    std::uint32_t last_row = 0;
    for (std::uint32_t count = 0;; ++count) {
        expect(count <= kRowsMax, "rows are counted");
        const auto row = opened.value()->next();
        if (!row.ok()) {
            expectSaid(row.finding());
            expect(!opened.value()->next().ok(), "nothing is read behind a finding");
            return;
        }
        if (!row.value()) {
            return;
        }
        expect(row.value()->number > last_row, "rows ascend");
        last_row = row.value()->number;
        expect(!row.value()->cells.empty() && row.value()->cells.size() <= 50, "cells are counted");
        expect(row.value()->cells.back().kind != uploads::CellKind::Empty, "no blank at the end");
        for (const auto& cell : row.value()->cells) {
            expect(cell.text.size() <= kCellBytesMax, "a text has a limit");
            expect(uploads::isUtf8(cell.text), "a text is UTF-8", cell.text);
        }
    }
}

void checkFormat(std::string_view bytes)
{
    const std::string_view value = takeLine(bytes);
    for (const bool is_1904 : {false, true}) {
        const auto cell = uploads::showNumber(value, uploads::parseNumberFormat(bytes), is_1904);
        expect(cell.kind == uploads::CellKind::Number || cell.kind == uploads::CellKind::Date ||
                   cell.kind == uploads::CellKind::Inexact || cell.kind == uploads::CellKind::Error,
               "a number is shown as one");
        expect(cell.kind == uploads::CellKind::Error || !cell.text.empty(), "a number is seen");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view bytes = textOf(data, size);
    const std::string part{takeLine(bytes)};
    if (part == "format") {
        checkFormat(bytes);
    } else if (part == "sheet" || part == "strings" || part == "styles" || part == "workbook") {
        checkWorkbook(workbookWith(part, bytes));
    } else {
        checkWorkbook(bytes);
    }
    return 0;
}
