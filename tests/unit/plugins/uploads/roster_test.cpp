// Goal: a list of 5,000 persons with 100 planted errors, as XLSX with its photos as ZIP, names
// every error by its place and nothing else; the same after a kill in the middle, and once more.
// Method: a seeded roster whose errors are known; the errors planted and the errors found are
// compared as sets.

#include "uploads/photo_index.hpp"
#include "uploads/picture_rules.hpp"
#include "uploads/table.hpp"
#include "uploads/xlsx_rows.hpp"
#include "xlsx_fixture.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

namespace {

using namespace uploads_test;

constexpr std::uint32_t kPersons = 5000;
constexpr std::uint32_t kFirstRow = 3; // a title and the header stand above
constexpr std::size_t kErrors = 100;
constexpr std::size_t kKinds = 5;

const std::vector<uploads::Column> kColumns{
    {"name", {"姓名", "Name"}, true},
    {"document_number", {"证件号码", "Document number"}, true},
    {"birth_date", {"出生日期", "Date of birth"}, true},
};

/// "B17 cell_inexact".
using Errors = std::set<std::string>;

struct Roster {
    std::string xlsx;
    std::string photos;
    Errors planted;
};

std::string documentOf(std::uint32_t row)
{
    return "TEST" + std::to_string(10'000'000 + row);
}

/// One person's cells and photo, with the error of a kind, or none for kKinds.
void addPerson(
    std::uint32_t row, std::size_t error, Book& book, std::vector<Member>& photos, Errors& planted)
{
    static const std::string kPhoto = pngOf(flag(30, 40));
    static const std::string kWidePhoto = pngOf(flag(40, 30));
    const std::string number = std::to_string(row);
    const auto plant = [&](const std::string& place, const std::string& code) {
        planted.insert(place + " " + code);
    };
    std::string name = textCell("A" + number, "测试" + number);
    std::string document = textCell("B" + number, documentOf(row));
    std::string date =
        "<c r=\"C" + number + "\" s=\"1\"><v>" + std::to_string(30000 + row % 9000) + "</v></c>";
    std::string photo = kPhoto;
    switch (error) {
    case 0:
        name = "<c r=\"A" + number + "\" t=\"e\"><v>#N/A</v></c>";
        plant("A" + number, "cell_error");
        break;
    case 1:
        // Its photo is found by the row.
        document = "<c r=\"B" + number + "\"><v>1.1010119900307E+17</v></c>";
        plant("B" + number, "cell_inexact");
        break;
    case 2:
        date = "<c r=\"C" + number + "\" s=\"1\"><f>TODAY()</f></c>";
        plant("C" + number, "cell_uncalculated");
        break;
    case 3:
        photo.clear();
        plant(number, "photo_missing");
        break;
    case 4:
        photo = kWidePhoto;
        plant(number, "picture_ratio");
        break;
    default:
        break;
    }
    book.rows += rowOf(row, name + document + date);
    if (!photo.empty()) {
        const std::string file = error == 1 ? number : documentOf(row);
        photos.push_back({"photos/" + file + ".png", photo, 0100644, 0});
    }
}

Roster makeRoster(std::uint32_t seed)
{
    std::vector<std::uint32_t> rows(kPersons);
    std::iota(rows.begin(), rows.end(), kFirstRow);
    std::mt19937 random(seed);
    std::shuffle(rows.begin(), rows.end(), random);
    std::vector<std::size_t> errors(kFirstRow + kPersons, kKinds);
    for (std::size_t i = 0; i < kErrors; ++i) {
        errors[rows[i]] = i % kKinds;
    }
    Book book;
    book.styles = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>";
    book.rows = rowOf(1, textCell("A1", "人员名单")) +
                rowOf(2,
                      textCell("A2", "姓名") + textCell("B2", "证件号码（必填）") +
                          textCell("C2", "出生日期"));
    Roster roster;
    std::vector<Member> photos;
    for (std::uint32_t row = kFirstRow; row < kFirstRow + kPersons; ++row) {
        addPerson(row, errors[row], book, photos, roster.planted);
    }
    roster.xlsx = xlsxOf(book);
    roster.photos = zipOf(photos);
    return roster;
}

void add(Errors& errors, const std::string& place, const uploads::Finding& finding)
{
    errors.insert(place + " " + std::string{uploads::codeName(finding.code)});
}

/// What an import would say of the photo.
void judgePhoto(const uploads::Row& row,
                const uploads::ZipArchive& photos,
                const uploads::PhotoIndex& index,
                Errors& errors)
{
    static const auto kRules =
        uploads::parsePictureRules(R"({"ratio_min": "3:4", "ratio_max": "3:4"})").value();
    const std::string place = std::to_string(row.number());
    const auto photo = index.find(row["document_number"].text, row.number());
    if (!photo.ok()) {
        add(errors, photo.finding().place, photo.finding());
        return;
    }
    const auto bytes = photos.read(photos.entries()[photo.value()]);
    CPPUNIT_ASSERT(bytes.ok());
    const auto picture = uploads::decodePicture(bytes.value());
    CPPUNIT_ASSERT(picture.ok());
    for (const auto& finding : uploads::judge(picture.value(), kRules)) {
        add(errors, place, finding);
    }
}

struct Reading {
    Errors errors;
    std::uint32_t rows = 0;
    std::uint32_t last_row = 0;
};

/// Rows from `first_row` on, at most so many: then the process is killed.
Reading read(const Roster& roster, std::uint32_t first_row, std::uint32_t rows_max)
{
    const uploads::MemorySource list(roster.xlsx);
    const uploads::MemorySource archive(roster.photos);
    const auto photos = uploads::ZipArchive::open(archive);
    CPPUNIT_ASSERT(photos.ok());
    const uploads::PhotoIndex index(photos.value().entries());
    auto opened = uploads::openXlsx(list);
    CPPUNIT_ASSERT(opened.ok());
    auto table = uploads::Table::open(std::move(opened).value(), kColumns);
    CPPUNIT_ASSERT(table.ok());
    Reading reading;
    while (reading.rows < rows_max) {
        const auto row = table.value().next(first_row);
        CPPUNIT_ASSERT(row.ok());
        if (!row.value()) {
            break;
        }
        for (const auto& finding : row.value()->findings()) {
            add(reading.errors, finding.place, finding);
        }
        judgePhoto(*row.value(), photos.value(), index, reading.errors);
        ++reading.rows;
        reading.last_row = row.value()->number();
    }
    return reading;
}

class RosterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RosterTest);
    CPPUNIT_TEST(everyErrorIsNamedByItsPlace);
    CPPUNIT_TEST(aKillInTheMiddleLosesNothing);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyErrorIsNamedByItsPlace()
    {
        const Roster roster = makeRoster(2026);
        CPPUNIT_ASSERT_EQUAL(kErrors, roster.planted.size());
        const Reading once = read(roster, 0, kPersons + 1);
        CPPUNIT_ASSERT_EQUAL(kPersons, once.rows);
        CPPUNIT_ASSERT(once.errors == roster.planted);
        CPPUNIT_ASSERT(read(roster, 0, kPersons + 1).errors == roster.planted);
    }

    void aKillInTheMiddleLosesNothing()
    {
        const Roster roster = makeRoster(7);
        for (const std::uint32_t killed_after : {1U, 500U, 4321U}) {
            const Reading before = read(roster, 0, killed_after);
            const Reading after = read(roster, before.last_row + 1, kPersons);
            CPPUNIT_ASSERT_EQUAL(kPersons, before.rows + after.rows);
            Errors errors = before.errors;
            errors.insert(after.errors.begin(), after.errors.end());
            CPPUNIT_ASSERT(errors == roster.planted);
            CPPUNIT_ASSERT_EQUAL(kErrors, before.errors.size() + after.errors.size());
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(RosterTest, "roster");
