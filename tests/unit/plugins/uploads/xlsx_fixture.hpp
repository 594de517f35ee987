// Workbooks written as text, so that a test says exactly what stands in a cell.
#pragma once

#include "zip_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

namespace uploads_test {

struct Book {
    std::string rows;    // of the first sheet, as XML
    std::string strings; // <si>…</si>
    std::string formats; // <numFmt …/>
    std::string styles;  // <xf …/>: what s="0" and on name
    std::string properties;
    std::vector<Member> more;
};

inline const std::string kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
inline const std::string kOffice =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

inline std::string relation(const std::string& id, const std::string& type, const std::string& to)
{
    return "<Relationship Id=\"" + id + "\" Type=\"" + kOffice + "/" + type + "\" Target=\"" + to +
           "\"/>";
}

inline std::string relations(const std::string& all)
{
    return "<Relationships "
           "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" +
           all + "</Relationships>";
}

inline std::string sheetOf(const std::string& rows)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"" + kMain +
           "\"><sheetData>" + rows + "</sheetData></worksheet>";
}

/// A hidden sheet stands before 名单 and 其他.
inline std::vector<Member> partsOf(const Book& book)
{
    std::vector<Member> parts{
        {"[Content_Types].xml",
         "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
         "PartName=\"/xl/workbook.xml\" ContentType=\"application/"
         "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"},
        {"_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml"))},
        {"xl/workbook.xml",
         "<workbook xmlns=\"" + kMain + "\" xmlns:r=\"" + kOffice + "\">" + book.properties +
             "<sheets><sheet name=\"hidden\" sheetId=\"9\" state=\"hidden\" r:id=\"rId9\"/>"
             "<sheet name=\"名单\" sheetId=\"1\" r:id=\"rId1\"/>"
             "<sheet name=\"其他\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         relations(relation("rId9", "worksheet", "worksheets/sheet9.xml") +
                   relation("rId1", "worksheet", "worksheets/sheet1.xml") +
                   relation("rId2", "worksheet", "/xl/worksheets/sheet2.xml") +
                   relation("rId3", "styles", "styles.xml") +
                   relation("rId4", "sharedStrings", "sharedStrings.xml"))},
        {"xl/styles.xml",
         "<styleSheet xmlns=\"" + kMain + "\"><numFmts>" + book.formats +
             "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>" + book.styles +
             "</cellXfs></styleSheet>"},
        {"xl/sharedStrings.xml", "<sst xmlns=\"" + kMain + "\">" + book.strings + "</sst>"},
        {"xl/worksheets/sheet1.xml", sheetOf(book.rows)},
        {"xl/worksheets/sheet2.xml",
         sheetOf("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>second</t></is></c></row>")},
        {"xl/worksheets/sheet9.xml",
         sheetOf("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>hidden</t></is></c></row>")},
    };
    parts.insert(parts.end(), book.more.begin(), book.more.end());
    return parts;
}

inline std::string xlsxOf(const Book& book)
{
    return zipOf(partsOf(book));
}

inline std::string textCell(const std::string& address, const std::string& text)
{
    return "<c r=\"" + address + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

inline std::string rowOf(std::uint32_t number, const std::string& cells)
{
    return "<row r=\"" + std::to_string(number) + "\">" + cells + "</row>";
}

} // namespace uploads_test
