// Goal: a workbook comes out row by row as it is seen, and one that acts, lies or swells is
// refused. Method: workbooks written as text with one thing at a time in them.

#include "uploads/xlsx_rows.hpp"
#include "uploads/xlsx_writer.hpp"
#include "xlsx_fixture.hpp"

#include <algorithm>
#include <ostream>

namespace {

using namespace uploads_test;

std::string told(const uploads::Finding& finding)
{
    return finding.place + " " + std::string{uploads::codeName(finding.code)};
}

std::string readAllRows(const std::string& bytes, const uploads::XlsxOptions& options = {})
{
    const uploads::MemorySource source(bytes);
    auto opened = uploads::openXlsx(source, options);
    if (!opened.ok()) {
        return told(opened.finding());
    }
    std::string read;
    while (true) {
        const auto row = opened.value()->next();
        if (!row.ok()) {
            return told(row.finding());
        }
        if (!row.value()) {
            return read;
        }
        read += (read.empty() ? "" : " ") + std::to_string(row.value()->number);
        char mark = ':';
        for (const auto& cell : row.value()->cells) {
            read += mark + cell.text;
            mark = '|';
        }
    }
}

struct Row {
    std::string name;
    std::string rows;
    std::string read;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"nothing", "", ""},
        {"inline texts", rowOf(1, textCell("A1", "张三") + textCell("C1", "x")), "1:张三||x"},
        {"rich inline text",
         "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r>"
         "<rPh><t>no</t></rPh></is></c></row>",
         "1:ab"},
        {"shared texts",
         "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>",
         "1:first|rich text"},
        {"an empty shared text", "<row r=\"1\"><c t=\"s\"><v>2</v></c></row>", ""},
        {"escaped characters",
         rowOf(1, textCell("A1", "a_x000A_b_x005F_x000A_ _x4E2D_ _x_")),
         "1:a\nb_x000A_ _x4E2D_ _x_"},
        {"an attempt at entities", rowOf(1, textCell("A1", "&lt;b&gt;&amp;&#20013;")), "1:<b>&中"},
        {"numbers", "<row r=\"1\"><c><v>1.50</v></c><c s=\"1\"><v>7</v></c></row>", "1:1.5|000007"},
        {"dates",
         "<row r=\"2\"><c r=\"A2\" s=\"2\"><v>45966</v></c><c s=\"3\"><v>0.5</v></c></row>",
         "2:2025-11-05|12:00:00"},
        {"styles that are not there", "<row r=\"1\"><c s=\"99\"><v>7</v></c></row>", "1:7"},
        {"a date as text", "<row r=\"1\"><c t=\"d\"><v>2025-11-05</v></c></row>", "1:2025-11-05"},
        {"truth",
         "<row r=\"1\"><c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c></row>",
         "1:TRUE|FALSE"},
        {"what a formula came to",
         "<row r=\"1\"><c t=\"str\"><f>A2&amp;\"x\"</f><v>kept</v></c>"
         "<c><f>1+1</f><v>2</v></c></row>",
         "1:kept|2"},
        {"no addresses",
         "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
         "1:1|2 2:3"},
        {"rows and cells without anything",
         "<row r=\"3\"/><row r=\"7\"><c r=\"B7\"/><c r=\"ZZ7\" s=\"1\"/></row>" +
             rowOf(1048576, textCell("B1048576", "last")),
         "1048576:|last"},
        {"prefixed names",
         "<x:row xmlns:x=\"" + kMain + "\" r=\"1\"><x:c><x:v>5</x:v></x:c></x:row>",
         "1:5"},
        // What is refused.
        {"a row twice", rowOf(2, textCell("A2", "a")) + rowOf(2, ""), " sheet_broken"},
        {"rows backwards", rowOf(2, "") + rowOf(1, ""), " sheet_broken"},
        {"a row beyond the last", rowOf(1048577, ""), " sheet_broken"},
        {"a row of no number", "<row r=\"x\"/>", " sheet_broken"},
        {"a cell twice", rowOf(1, textCell("A1", "a") + textCell("A1", "b")), " sheet_broken"},
        {"a cell of no address", rowOf(1, textCell("1A", "a")), " sheet_broken"},
        {"a cell beyond the last", rowOf(1, textCell("XFE1", "a")), " sheet_broken"},
        {"a cell without a row", textCell("A1", "a"), " sheet_broken"},
        {"a shared text that is not there",
         "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>3</v></c></row>",
         "A1 sheet_broken"},
        {"a shared text below the first",
         "<row r=\"4\"><c r=\"B4\" t=\"s\"><v>-1</v></c></row>",
         "B4 sheet_broken"},
        {"no XML", "<row>", " sheet_broken"},
        {"an unknown entity", rowOf(1, textCell("A1", "&boom;")), " sheet_broken"},
        {"many columns", rowOf(1, textCell("IW1", "x")), "IW1 columns_too_many"},
        {"a long text", rowOf(17, textCell("B17", std::string(40000, 'x'))), "B17 cell_too_long"},
    };
}

Book bookOf(const std::string& rows)
{
    Book book;
    book.rows = rows;
    book.strings = "<si><t>first</t></si><si><r><t>rich</t></r><r><t> text</t></r>"
                   "<rPh sb=\"0\" eb=\"1\"><t>no</t></rPh></si><si/>";
    book.formats = "<numFmt numFmtId=\"164\" formatCode=\"000000\"/>";
    book.styles = "<xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/>"
                  "<xf numFmtId=\"20\"/>";
    return book;
}

std::string without(const std::string& name)
{
    auto parts = partsOf(bookOf(rowOf(1, textCell("A1", "a"))));
    std::erase_if(parts, [&name](const Member& part) { return part.name == name; });
    return zipOf(parts);
}

std::string with(const Member& more)
{
    Book book = bookOf(rowOf(1, textCell("A1", "a")));
    book.more = {more};
    return xlsxOf(book);
}

std::string withSheet(const std::string& xml)
{
    auto parts = partsOf(bookOf(""));
    const auto part = std::find_if(parts.begin(), parts.end(), [](const Member& p) {
        return p.name == "xl/worksheets/sheet1.xml";
    });
    part->content = xml;
    return zipOf(parts);
}

class XlsxTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(XlsxTest);
    CPPUNIT_TEST_PARAMETERIZED(rowsAreRead, rows());
    CPPUNIT_TEST(kindsAreKept);
    CPPUNIT_TEST(sheetsAreChosen);
    CPPUNIT_TEST(partsMustBeThere);
    CPPUNIT_TEST(nothingActiveIsTaken);
    CPPUNIT_TEST(entitiesAreRefused);
    CPPUNIT_TEST(limitsHold);
    CPPUNIT_TEST(aCutFileNeverReadsAsWhole);
    CPPUNIT_TEST(whatIsWrittenIsReadAgain);
    CPPUNIT_TEST(theWriterKnowsItsLimits);
    CPPUNIT_TEST(longListsAreReadInPieces);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsAreRead(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.read, readAllRows(xlsxOf(bookOf(row.rows))));
    }

    void kindsAreKept()
    {
        const std::string bytes = xlsxOf(
            bookOf("<row r=\"1\"><c t=\"s\"><v>0</v></c><c><v>1</v></c><c s=\"2\"><v>1</v></c>"
                   "<c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c><f>1+1</f></c>"
                   "<c><v>110101199003071234</v></c><c t=\"str\"><f>\"\"</f><v></v></c>"
                   "<c><v>0</v></c></row>"));
        using Kind = uploads::CellKind;
        const std::vector<Kind> expected{Kind::Text,
                                         Kind::Number,
                                         Kind::Date,
                                         Kind::Boolean,
                                         Kind::Error,
                                         Kind::Uncalculated,
                                         Kind::Inexact,
                                         Kind::Empty,
                                         Kind::Number};
        const uploads::MemorySource source(bytes);
        auto opened = uploads::openXlsx(source);
        const auto row = opened.value()->next();
        CPPUNIT_ASSERT_EQUAL(expected.size(), row.value()->cells.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            CPPUNIT_ASSERT_MESSAGE(std::to_string(i), expected[i] == row.value()->cells[i].kind);
        }
    }

    void sheetsAreChosen()
    {
        const std::string bytes = xlsxOf(bookOf(rowOf(1, textCell("A1", "first"))));
        uploads::XlsxOptions options;
        CPPUNIT_ASSERT_EQUAL(std::string{"1:first"}, readAllRows(bytes, options));
        options.sheet = "其他";
        CPPUNIT_ASSERT_EQUAL(std::string{"1:second"}, readAllRows(bytes, options));
        options.sheet = "hidden";
        CPPUNIT_ASSERT_EQUAL(std::string{"1:hidden"}, readAllRows(bytes, options));
        options.sheet = "none";
        CPPUNIT_ASSERT_EQUAL(std::string{" sheet_missing"}, readAllRows(bytes, options));
        Book other_epoch = bookOf("<row r=\"1\"><c s=\"2\"><v>0</v></c></row>");
        other_epoch.properties = "<workbookPr date1904=\"1\"/>";
        CPPUNIT_ASSERT_EQUAL(std::string{"1:1904-01-01"}, readAllRows(xlsxOf(other_epoch)));
    }

    void partsMustBeThere()
    {
        for (const char* name : {"_rels/.rels",
                                 "xl/workbook.xml",
                                 "xl/_rels/workbook.xml.rels",
                                 "xl/styles.xml",
                                 "xl/sharedStrings.xml"}) {
            CPPUNIT_ASSERT_EQUAL(std::string{" sheet_broken"}, readAllRows(without(name)));
        }
        CPPUNIT_ASSERT_EQUAL(std::string{" sheet_missing"},
                             readAllRows(without("xl/worksheets/sheet1.xml")));
        CPPUNIT_ASSERT_EQUAL(std::string{"1:a"}, readAllRows(without("xl/worksheets/sheet2.xml")));
    }

    void nothingActiveIsTaken()
    {
        for (const char* name : {"xl/vbaProject.bin",
                                 "XL/VBAPROJECT.BIN",
                                 "xl/activeX/activeX1.xml",
                                 "xl/embeddings/oleObject1.bin",
                                 "xl/externalLinks/externalLink1.xml",
                                 "xl/macrosheets/sheet1.xml"}) {
            CPPUNIT_ASSERT_EQUAL(std::string{" sheet_active"}, readAllRows(with({name, "x"})));
        }
        CPPUNIT_ASSERT_EQUAL(std::string{"1:a"}, readAllRows(with({"docProps/app.xml", "x"})));
    }

    void entitiesAreRefused()
    {
        const std::string sheet = sheetOf(rowOf(1, textCell("A1", "&e;")));
        const std::string body = sheet.substr(sheet.find("?>") + 2);
        for (const char* type : {"<!DOCTYPE w>",
                                 "<!DOCTYPE w [<!ENTITY e \"text\">]>",
                                 "<!DOCTYPE w [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>",
                                 "<!DOCTYPE w SYSTEM \"http://localhost/e.dtd\">"}) {
            CPPUNIT_ASSERT_EQUAL(std::string{" sheet_broken"}, readAllRows(withSheet(type + body)));
        }
        const std::string plain = sheetOf(rowOf(1, textCell("A1", "x")));
        CPPUNIT_ASSERT_EQUAL(std::string{"1:x"}, readAllRows(withSheet(plain)));
    }

    void limitsHold()
    {
        uploads::XlsxOptions options;
        const std::string three =
            xlsxOf(bookOf(rowOf(1, textCell("A1", "a")) + rowOf(2, "") +
                          rowOf(3, textCell("A3", "b")) + rowOf(9, textCell("A9", "c"))));
        options.rows.rows_max = 3;
        CPPUNIT_ASSERT_EQUAL(std::string{"1:a 3:b 9:c"}, readAllRows(three, options));
        options.rows.rows_max = 2;
        CPPUNIT_ASSERT_EQUAL(std::string{"9 rows_too_many"}, readAllRows(three, options));

        // Shared texts: "first", "rich text" and an empty one, each with its place in the list.
        options = {};
        options.strings_bytes_max = 14 + 3 * sizeof(std::size_t);
        CPPUNIT_ASSERT_EQUAL(std::string{"1:a 3:b 9:c"}, readAllRows(three, options));
        --options.strings_bytes_max;
        CPPUNIT_ASSERT_EQUAL(std::string{" sheet_too_large"}, readAllRows(three, options));

        options = {};
        options.archive.entry_bytes_max = 400;
        CPPUNIT_ASSERT(readAllRows(three, options).ends_with(" zip_too_large"));
        // Two million bytes of nothing: packed a thousand times.
        const std::string bomb =
            withSheet(sheetOf(rowOf(1, textCell("A1", "x")) + std::string(2'000'000, ' ')));
        CPPUNIT_ASSERT_EQUAL(std::string{"xl/worksheets/sheet1.xml zip_ratio"}, readAllRows(bomb));
        // A tag that never ends, and a nest without a bottom.
        std::string attribute;
        while (attribute.size() < 1'200'000) {
            attribute += std::to_string(attribute.size() * 7919);
        }
        CPPUNIT_ASSERT_EQUAL(std::string{" sheet_broken"},
                             readAllRows(withSheet(sheetOf("<row a=\"" + attribute + "\"/>"))));
        std::string nest;
        for (int i = 0; i < 100; ++i) {
            nest.insert(0, "<a>");
            nest += "</a>";
        }
        CPPUNIT_ASSERT_EQUAL(std::string{" sheet_broken"}, readAllRows(withSheet(sheetOf(nest))));
    }

    void aCutFileNeverReadsAsWhole()
    {
        const std::string bytes = xlsxOf(bookOf(rowOf(1, textCell("A1", "a"))));
        CPPUNIT_ASSERT_EQUAL(std::string{"1:a"}, readAllRows(bytes));
        for (std::size_t size = 0; size < bytes.size(); size += 7) {
            const std::string read = readAllRows(bytes.substr(0, size));
            CPPUNIT_ASSERT_EQUAL(std::string{" zip_broken"}, read);
        }
    }

    void whatIsWrittenIsReadAgain()
    {
        uploads::XlsxWriter writer("名单", 1'795'276'800);
        const std::vector<std::string> cells{
            "姓名", "", "=1+1", "110101199003071234", "a\nb", "<&>\"", "a\x01"};
        CPPUNIT_ASSERT(writer.add(cells).ok());
        CPPUNIT_ASSERT(writer.add({}).ok());
        CPPUNIT_ASSERT(writer.add(cells).ok());
        const std::string bytes = writer.finish();

        std::string row;
        for (const auto& cell : cells) {
            row += (row.empty() ? ":" : "|") + cell;
        }
        uploads::XlsxOptions options;
        options.sheet = "名单";
        CPPUNIT_ASSERT_EQUAL("1" + row + " 3" + row, readAllRows(bytes, options));
        // No cell is a formula, a number or a date.
        const uploads::MemorySource source(bytes);
        auto opened = uploads::openXlsx(source);
        const auto first = opened.value()->next();
        for (const auto& cell : first.value()->cells) {
            CPPUNIT_ASSERT(cell.text.empty() || cell.kind == uploads::CellKind::Text);
        }
    }

    void theWriterKnowsItsLimits()
    {
        CPPUNIT_ASSERT_THROW(uploads::XlsxWriter("a/b", 0), std::invalid_argument);
        CPPUNIT_ASSERT_THROW(uploads::XlsxWriter(std::string(32, 'x'), 0), std::invalid_argument);
        uploads::XlsxWriter writer("list", 1'795'276'800);
        const std::vector<std::string> longest{std::string(32767, 'x')};
        const std::vector<std::string> too_long{std::string(32768, 'x')};
        CPPUNIT_ASSERT(writer.add(longest).ok());
        CPPUNIT_ASSERT(!writer.add(too_long).ok());
        CPPUNIT_ASSERT(!writer.add(std::vector<std::string>(16385)).ok());
    }

    void longListsAreReadInPieces()
    {
        // Remembers the largest range that was asked for.
        class Watched final : public uploads::ByteSource {
        public:
            explicit Watched(std::string_view bytes)
                : bytes_(bytes)
            {}
            std::uint64_t size() const override { return bytes_.size(); }
            hub::Result<std::string> read(std::uint64_t offset, std::uint64_t size) const override
            {
                largest = std::max(largest, size);
                return bytes_.read(offset, size);
            }
            mutable std::uint64_t largest = 0;

        private:
            uploads::MemorySource bytes_;
        };
        const uploads::RowLimits limits;
        uploads::XlsxWriter writer("list", 1'795'276'800);
        for (std::uint32_t i = 0; i <= limits.rows_max; ++i) {
            const std::string number = std::to_string(i);
            const std::vector<std::string> cells{"测试" + number, "TEST" + number};
            CPPUNIT_ASSERT(writer.add(cells).ok());
        }
        const std::string bytes = writer.finish();
        const Watched source(bytes);
        auto opened = uploads::openXlsx(source);
        for (std::uint32_t i = 0; i < limits.rows_max; ++i) {
            const auto row = opened.value()->next();
            CPPUNIT_ASSERT(row.ok() && row.value() && row.value()->number == i + 1);
            CPPUNIT_ASSERT(row.value()->cells.at(1).text == "TEST" + std::to_string(i));
        }
        const auto beyond = opened.value()->next();
        CPPUNIT_ASSERT(!beyond.ok());
        CPPUNIT_ASSERT_EQUAL(std::string{"100001 rows_too_many"}, told(beyond.finding()));
        CPPUNIT_ASSERT_EQUAL(uploads::kPieceBytes, source.largest);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(XlsxTest, "xlsx");
