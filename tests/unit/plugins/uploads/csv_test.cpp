// Goal: CSV of every program that people use comes out cell by cell, and what goes out is harmless
// and comes back the same. Method: tables of texts; every text also in both codings.

#include "picture_fixture.hpp"
#include "uploads/csv_rows.hpp"
#include "uploads/csv_writer.hpp"

#include <ostream>

namespace {

using namespace uploads_test;

struct Row {
    std::string name;
    std::string bytes;
    std::string read; // "1:a|b 2:c", or a finding's place and code
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

const uploads::RowLimits kLimits{.rows_max = 4, .columns_max = 3, .cell_bytes_max = 10};

std::vector<Row> rows()
{
    return {
        {"nothing", "", ""},
        {"one cell", "a", "1:a"},
        {"lines of Windows", "a,b\r\nc,d\r\n", "1:a|b 2:c|d"},
        {"lines of Unix", "a,b\nc,d", "1:a|b 2:c|d"},
        {"lines of old", "a,b\rc,d\r", "1:a|b 2:c|d"},
        {"empty cells", ",a,\n,,\n", "1:|a"},
        {"empty lines keep their numbers", "a\n\n\nb", "1:a 4:b"},
        {"a mark in front", "\xEF\xBB\xBF姓名,b", "1:姓名|b"},
        {"GBK", "\xd0\xd5\xc3\xfb,b\n\xd5\xc5\xc8\xfd", "1:姓名|b 2:张三"},
        {"quoted", R"("a,b","say ""a""")", R"(1:a,b|say "a")"},
        {"quoted lines are one row", "\"a\nb\",c\nd", "1:a\nb|c 2:d"},
        {"quoted and empty", "\"\",a", "1:|a"},
        {"formulas are texts", "=1+1,+1,@a\n-1", "1:=1+1|+1|@a 2:-1"},
        {"columns beyond the last that are empty", "a,b,c,,,\n", "1:a|b|c"},
        {"a cell as long as may be", "0123456789", "1:0123456789"},
        // What is refused says where.
        {"no end of a quotation", "a\nb,\"c", "B2 csv_quote"},
        {"more behind a quotation", "\"a\"b", "A1 csv_quote"},
        {"a quotation within", "a,b\"c\"", "B1 csv_quote"},
        {"a long cell", "a,01234567890", "B1 cell_too_long"},
        {"a long quoted cell", "\"01234567890\"", "A1 cell_too_long"},
        {"many columns", "a,b,c,d", "D1 columns_too_many"},
        {"many rows", "1\n2\n3\n4\n\n5", "6 rows_too_many"},
        {"no text", std::string{"a\0b", 3}, " text_coding"},
        {"UTF-16",
         std::string{"\xFF\xFE"
                     "a\0",
                     4},
         " text_coding"},
        {"neither coding", "\xFF\xFF", " text_coding"},
        {"half a character", "a\xE5", " text_coding"},
        {"a mark and no UTF-8", "\xEF\xBB\xBF\xd0\xd5\xc3", " text_coding"},
    };
}

std::string readAllRows(const std::string& bytes)
{
    const uploads::MemorySource source(bytes);
    const auto told = [](const uploads::Finding& finding) {
        return finding.place + " " + std::string{uploads::codeName(finding.code)};
    };
    auto opened = uploads::CsvRows::open(source, kLimits);
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

class CsvTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CsvTest);
    CPPUNIT_TEST_PARAMETERIZED(rowsAreRead, rows());
    CPPUNIT_TEST(charactersAreCutBetweenPieces);
    CPPUNIT_TEST(anySeparator);
    CPPUNIT_TEST(writtenCellsAreHarmless);
    CPPUNIT_TEST(whatIsWrittenIsReadAgain);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsAreRead(const Row& row) { CPPUNIT_ASSERT_EQUAL(row.read, readAllRows(row.bytes)); }

    void charactersAreCutBetweenPieces()
    {
        struct Coding {
            std::string mark;
            std::string character;
        };
        // One byte in front moves every character against the pieces.
        for (const Coding& coding : {Coding{"", "张"},
                                     Coding{"a", "张"},
                                     Coding{"aa", "张"},
                                     Coding{"", "\xd5\xc5"},
                                     Coding{"a", "\xd5\xc5"}}) {
            std::string bytes = coding.mark + "\n";
            for (int i = 0; i < 50'000; ++i) {
                bytes += coding.character + "\n";
            }
            const uploads::MemorySource source(bytes);
            auto opened = uploads::CsvRows::open(source);
            std::size_t count = 0;
            while (true) {
                const auto row = opened.value()->next();
                CPPUNIT_ASSERT(row.ok());
                if (!row.value()) {
                    break;
                }
                const std::string& text = row.value()->cells.at(0).text;
                CPPUNIT_ASSERT_EQUAL(row.value()->number == 1 ? coding.mark : "张", text);
                ++count;
            }
            CPPUNIT_ASSERT_EQUAL(coding.mark.empty() ? std::size_t{50'000} : 50'001, count);
        }
    }

    void anySeparator()
    {
        const std::string bytes = "a,b;c\n";
        const uploads::MemorySource source(bytes);
        auto opened = uploads::CsvRows::open(source, {}, ';');
        const auto row = opened.value()->next();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, row.value()->cells.size());
        CPPUNIT_ASSERT_EQUAL(std::string{"a,b"}, row.value()->cells[0].text);
    }

    void writtenCellsAreHarmless()
    {
        struct Cell {
            std::string text;
            std::string written;
        };
        for (const Cell& cell : {Cell{"", ""},
                                 Cell{"张三", "张三"},
                                 Cell{"=HYPERLINK(1)", "'=HYPERLINK(1)"},
                                 Cell{"+86 138", "'+86 138"},
                                 Cell{"-1", "'-1"},
                                 Cell{"@x", "'@x"},
                                 Cell{"\tx", "'\tx"},
                                 Cell{"\rx", "\"'\rx\""},
                                 Cell{"a=1", "a=1"},
                                 Cell{"a,b", "\"a,b\""},
                                 Cell{"=a,b", "\"'=a,b\""},
                                 Cell{"a\"b", "\"a\"\"b\""},
                                 Cell{"a\nb", "\"a\nb\""}}) {
            CPPUNIT_ASSERT_EQUAL(cell.written, uploads::csvCell(cell.text));
        }
    }

    void whatIsWrittenIsReadAgain()
    {
        uploads::CsvWriter writer;
        const std::vector<std::string> cells{"姓名", "a,\"b\"\r\nc", "", "last"};
        writer.add(cells);
        std::string bytes = writer.take();
        CPPUNIT_ASSERT(bytes.starts_with("\xEF\xBB\xBF"));
        writer.add(cells);
        bytes += writer.take();
        const uploads::MemorySource source(bytes);
        auto opened = uploads::CsvRows::open(source);
        for (int i = 0; i < 2; ++i) {
            const auto row = opened.value()->next();
            CPPUNIT_ASSERT(row.ok() && row.value());
            CPPUNIT_ASSERT_EQUAL(cells.size(), row.value()->cells.size());
            for (std::size_t c = 0; c < cells.size(); ++c) {
                CPPUNIT_ASSERT_EQUAL(cells[c], row.value()->cells[c].text);
            }
        }
        CPPUNIT_ASSERT(!opened.value()->next().value());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(CsvTest, "csv");
