// Goal: rows are known by the names of their fields, errors by their address, and reading goes on
// where it stopped. Method: small tables in CSV, whose text is plain to see.

#include "picture_fixture.hpp"
#include "uploads/csv_rows.hpp"
#include "uploads/table.hpp"

#include <ostream>

namespace {

using namespace uploads_test;

const std::vector<uploads::Column> kColumns{
    {"name", {"姓名", "Name"}, true},
    {"document_number", {"证件号码", "Document number", "ID No."}, true},
    {"position", {"职务", "Position"}, false},
};

struct Row {
    std::string name;
    std::string csv;
    std::string read; // name/document/position by row, or a finding
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"Chinese", "姓名,证件号码,职务\n张三,E1,经理\n", "2:张三/E1/经理 "},
        {"English", "Name,Document number,Position\na,b,c\n", "2:a/b/c "},
        {"mixed, in another order", "职务,ID No.,姓名\nc,b,a\n", "2:a/b/c "},
        {"without what is optional", "姓名,证件号码\na,b\n", "2:a/b/ "},
        {"marks, blanks and case", " * 姓 名 ,ＩＤ,DOCUMENT  NUMBER*\na,,b\n", "2:a/b/ "},
        {"remarks", "姓名（必填）,证件号码(required)\na,b\n", "2:a/b/ "},
        {"a title above", "名单,,\n\n姓名,证件号码\na,b\n", "4:a/b/ "},
        {"rows without anything", "姓名,证件号码\n, \na,\n,,x\n", "3:a// "},
        {"blanks around", "姓名,证件号码\n\xE3\x80\x80 a\xC2\xA0,\" b\t\"\n", "2:a/b/ "},
        {"a short row", "姓名,职务,证件号码\na\n", "2:a// "},
        // What is no such table.
        {"nothing", "", " header_missing 姓名"},
        {"no header", "a,b\nc,d\n", " header_missing 姓名"},
        {"a column lacks", "标题\n姓名,职务\na,b\n", "2 header_missing 证件号码"},
        {"a column twice", "姓名,证件号码,Name\n", "C1 header_twice Name"},
        {"a header too far down",
         "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n姓名,证件号码\n",
         " header_missing 姓名"},
    };
}

std::string told(const uploads::Finding& finding)
{
    return finding.place + " " + std::string{uploads::codeName(finding.code)} +
           (finding.values.empty() ? "" : " " + finding.values.front());
}

std::string readTable(const uploads::ByteSource& source, std::uint32_t first_row, int rows_max)
{
    auto table = uploads::Table::open(uploads::CsvRows::open(source).value(), kColumns);
    if (!table.ok()) {
        return told(table.finding());
    }
    std::string read;
    for (int i = 0; i < rows_max; ++i) {
        const auto row = table.value().next(first_row);
        CPPUNIT_ASSERT(row.ok());
        if (!row.value()) {
            break;
        }
        const uploads::Row& r = *row.value();
        read += std::to_string(r.number()) + ":" + r["name"].text + "/" +
                r["document_number"].text + "/" + r["position"].text + " ";
    }
    return read;
}

/// Rows that say what they are, without a file.
class Cells final : public uploads::RowSource {
public:
    uploads::Judged<std::optional<uploads::SheetRow>> next() override
    {
        using Kind = uploads::CellKind;
        switch (++number_) {
        case 1:
            return std::optional{uploads::SheetRow{
                1, {{Kind::Text, "姓名"}, {Kind::Text, "证件号码"}, {Kind::Text, "other"}}}};
        case 2:
            return std::optional{uploads::SheetRow{
                2, {{Kind::Uncalculated, ""}, {Kind::Inexact, "110101199003070000"}}}};
        case 3:
            return std::optional{uploads::SheetRow{
                3, {{Kind::Error, "#N/A"}, {Kind::Number, "7"}, {Kind::Error, "#REF!"}}}};
        default:
            return std::optional<uploads::SheetRow>{};
        }
    }

private:
    int number_ = 0;
};

class TableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TableTest);
    CPPUNIT_TEST_PARAMETERIZED(rowsHaveFields, rows());
    CPPUNIT_TEST(readingGoesOnWhereItStopped);
    CPPUNIT_TEST(cellsSayWhereTheyAre);
    CPPUNIT_TEST(cellsWithoutAValueAreFound);
    CPPUNIT_TEST(addressesCountLikeSpreadsheets);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsHaveFields(const Row& row)
    {
        const uploads::MemorySource source(row.csv);
        CPPUNIT_ASSERT_EQUAL(row.read, readTable(source, 0, 100));
    }

    void readingGoesOnWhereItStopped()
    {
        const std::string csv = "姓名,证件号码\na,1\nb,2\n\nc,3\nd,4\n";
        const uploads::MemorySource source(csv);
        const std::string all = readTable(source, 0, 100);
        CPPUNIT_ASSERT_EQUAL(std::string{"2:a/1/ 3:b/2/ 5:c/3/ 6:d/4/ "}, all);
        const std::string begun = readTable(source, 0, 2);
        CPPUNIT_ASSERT_EQUAL(all, begun + readTable(source, 4, 100));
        CPPUNIT_ASSERT_EQUAL(std::string{}, readTable(source, 7, 100));
    }

    void cellsSayWhereTheyAre()
    {
        const std::string csv = "title\n职务,姓名,证件号码,extra\nx,y,z\n";
        const uploads::MemorySource source(csv);
        auto table = uploads::Table::open(uploads::CsvRows::open(source).value(), kColumns);
        CPPUNIT_ASSERT(table.ok());
        CPPUNIT_ASSERT_EQUAL(2U, table.value().headerRow());
        CPPUNIT_ASSERT(table.value().unknownColumns() == std::vector<std::string>{"extra"});
        const auto row = table.value().next();
        CPPUNIT_ASSERT_EQUAL(std::string{"B3"}, row.value()->address("name"));
        CPPUNIT_ASSERT_EQUAL(std::string{"A3"}, row.value()->address("position"));
        CPPUNIT_ASSERT_EQUAL(std::string{"3"}, row.value()->address("nothing"));
        CPPUNIT_ASSERT_EQUAL(std::string{}, (*row.value())["nothing"].text);
    }

    void cellsWithoutAValueAreFound()
    {
        auto table = uploads::Table::open(std::make_unique<Cells>(), kColumns);
        CPPUNIT_ASSERT(table.ok());
        const auto second = table.value().next();
        const auto findings = second.value()->findings();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, findings.size());
        CPPUNIT_ASSERT_EQUAL(std::string{"A2 cell_uncalculated "}, told(findings[0]));
        CPPUNIT_ASSERT(findings[1].code == uploads::Code::CellInexact);
        CPPUNIT_ASSERT_EQUAL(std::string{"B2"}, findings[1].place);
        // The third column is nobody's.
        const auto third = table.value().next();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, third.value()->findings().size());
        CPPUNIT_ASSERT_EQUAL(
            std::string{"A3: the cell shows the error #N/A"},
            uploads::sentence(third.value()->findings()[0], uploads::Language::English));
        CPPUNIT_ASSERT_EQUAL(
            std::string{"A3：单元格为错误值 #N/A"},
            uploads::sentence(third.value()->findings()[0], uploads::Language::Chinese));
    }

    void addressesCountLikeSpreadsheets()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"A1"}, uploads::cellAddress(1, 0));
        CPPUNIT_ASSERT_EQUAL(std::string{"Z9"}, uploads::cellAddress(9, 25));
        CPPUNIT_ASSERT_EQUAL(std::string{"AA10"}, uploads::cellAddress(10, 26));
        CPPUNIT_ASSERT_EQUAL(std::string{"AZ1"}, uploads::cellAddress(1, 51));
        CPPUNIT_ASSERT_EQUAL(std::string{"ZZ1"}, uploads::cellAddress(1, 701));
        CPPUNIT_ASSERT_EQUAL(std::string{"AAA1"}, uploads::cellAddress(1, 702));
        CPPUNIT_ASSERT_EQUAL(std::string{"XFD1"}, uploads::cellAddress(1, 16383));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(TableTest, "table");
