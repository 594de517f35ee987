// Goal: of a machine-readable zone every check is told from the others, and the fields are read.
// Method: synthetic passports of Utopia and ICAO's specimen, each field damaged by itself.

#include "identifiers/mrz.hpp"
#include "samples.hpp"
#include "support/suite.hpp"
#include "told.hpp"

#include <algorithm>

namespace {

using namespace identifiers;       // NOLINT(google-build-using-namespace): the subject of this file
using namespace identifiers::test; // NOLINT(google-build-using-namespace): its samples

constexpr std::string_view kFirst = "P<UTOTESTER<<HUB<ONE<<<<<<<<<<<<<<<<<<<<<<<<";

/// A second line with all checks right, from fields of full width.
std::string secondLine(const std::string& number,
                       const std::string& birth,
                       const std::string& expiry,
                       const std::string& personal = "<<<<<<<<<<<<<<",
                       char sex = 'M')
{
    std::string line = number + mrzCheckByForce(number) + "UTO" + birth + mrzCheckByForce(birth) +
                       sex + expiry + mrzCheckByForce(expiry) + personal +
                       mrzCheckByForce(personal);
    return line + mrzCheckByForce(line.substr(0, 10) + line.substr(13, 7) + line.substr(21));
}

const std::string kSecond = secondLine("X0000001<", "000101", "301231");

std::string changed(std::string text, std::size_t position, char c)
{
    text.at(position - 1) = c;
    return text;
}

struct Row {
    std::string name;
    std::string second;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> lines()
{
    return {
        // name                   line 2                          findings
        {"sound", kSecond, ""},
        {"ICAO's specimen, expired",
         "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
         "expires_too_early line2 22"},
        {"born on 29 February", "HUB0000424UTO0002299F3012316<<<<<<<<<<<<<<<8", ""},
        {"the specimen misprinted",
         "L898902C37UTO7408122F1204159ZE184226B<<<<<10",
         "expires_too_early line2 22, mrz_number_check line2 10 ?10, mrz_composite_check line2 44"},
        {"another number",
         "X0000002<4UTO0001018M9912315<<<<<<<<<<<<<<<2",
         "expires_too_early line2 22, mrz_number_check line2 10, mrz_composite_check line2 44"},
        {"no personal number, check 0", changed(kSecond, 43, '0'), ""},
        {"no personal number, no check", changed(kSecond, 43, '<'), ""},
        {"a personal number, no check",
         changed(secondLine("X0000001<", "000101", "301231", "AB<<<<<<<<<<<<"), 43, '<'),
         "mrz_personal_check line2 43 ?43, mrz_composite_check line2 44"},
        {"sex not stated", changed(kSecond, 21, '<'), ""},
        {"no such sex", changed(kSecond, 21, 'Q'), "character line2 21"},
        {"birth partly unknown",
         secondLine("X0000001<", "65<<<<", "301231"),
         "~birth_date line2 14"},
        {"no such birth", secondLine("X0000001<", "650230", "301231"), "birth_date line2 14"},
        {"no such expiry", secondLine("X0000001<", "650101", "301301"), "expiry_date line2 22"},
        {"expiry unknown", secondLine("X0000001<", "650101", "<<<<<<"), "expiry_date line2 22"},
        {"ends on the last day",
         secondLine("X0000001<", "650101", "271110"),
         "expires_too_early line2 22"},
        {"ends a day later", secondLine("X0000001<", "650101", "271111"), ""},
        {"only the composite is wrong",
         changed(kSecond, 44, kSecond[43] == '1' ? '2' : '1'),
         "mrz_composite_check line2 44 ?44"},
        {"a letter as check digit", changed(kSecond, 10, 'B'), "character line2 10"},
        {"a plus sign", changed(kSecond, 30, '+'), "character line2 30"},
    };
}

Mrz readLines(const std::string& first, const std::string& second)
{
    return readMrz(first + "\n" + second, kToday, kFairLastDay);
}

class MrzTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MrzTest);
    CPPUNIT_TEST_PARAMETERIZED(judgesTheSecondLine, lines());
    CPPUNIT_TEST(readsTheFields);
    CPPUNIT_TEST(readsNamesWithoutSecondPart);
    CPPUNIT_TEST(tellsWhichCheckFails);
    CPPUNIT_TEST(namesAMisreadCharacter);
    CPPUNIT_TEST(takesTheLinesAsTheyAreTyped);
    CPPUNIT_TEST(refusesOtherLengthsAndBytes);
    CPPUNIT_TEST(choosesTheCenturies);
    CPPUNIT_TEST_SUITE_END();

public:
    void judgesTheSecondLine(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected,
                             told(readLines(std::string(kFirst), row.second).findings));
    }

    void readsTheFields()
    {
        const Mrz mrz = readLines("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                  "L898902C36UTO7408122F1204159ZE184226B<<<<<10");

        CPPUNIT_ASSERT_EQUAL(std::string("UTO"), mrz.issuer);
        CPPUNIT_ASSERT_EQUAL(std::string("ERIKSSON"), mrz.surname);
        CPPUNIT_ASSERT_EQUAL(std::string("ANNA MARIA"), mrz.given_names);
        CPPUNIT_ASSERT_EQUAL(std::string("L898902C3"), mrz.number);
        CPPUNIT_ASSERT_EQUAL(std::string("UTO"), mrz.nationality);
        CPPUNIT_ASSERT(parseDay("19740812") == mrz.birth);
        CPPUNIT_ASSERT(Sex::Female == mrz.sex);
        CPPUNIT_ASSERT(parseDay("20120415") == mrz.expires);
        CPPUNIT_ASSERT_EQUAL(std::string("ZE184226B"), mrz.personal_number);
    }

    void readsNamesWithoutSecondPart()
    {
        const Mrz mrz = readLines("P<UTOMONONYM" + std::string(32, '<'), kSecond);

        CPPUNIT_ASSERT_EQUAL(std::string("MONONYM"), mrz.surname);
        CPPUNIT_ASSERT_EQUAL(std::string(), mrz.given_names);
        CPPUNIT_ASSERT(mrz.isAcceptable());
    }

    void tellsWhichCheckFails()
    {
        const std::string line = secondLine("HUB000042", "000229", "301231", "ABC<<<<<<<<<<<");
        const std::pair<std::size_t, Code> checks[] = {{10, Code::MrzNumberCheck},
                                                       {20, Code::MrzBirthCheck},
                                                       {28, Code::MrzExpiryCheck},
                                                       {43, Code::MrzPersonalCheck},
                                                       {44, Code::MrzCompositeCheck}};
        for (const auto& [position, code] : checks) {
            const char other =
                line[position - 1] == '9' ? '0' : static_cast<char>(line[position - 1] + 1);
            const Mrz mrz = readLines(std::string(kFirst), changed(line, position, other));

            CPPUNIT_ASSERT_MESSAGE(told(mrz.findings), hasCode(mrz.findings, code));
            CPPUNIT_ASSERT_EQUAL(position, mrz.findings.front().position);
        }
    }

    void namesAMisreadCharacter()
    {
        // A scanner took the B of HUB for an 8.
        const std::string line = secondLine("HUB000042", "000229", "301231");
        const Mrz mrz = readLines(std::string(kFirst), changed(line, 3, '8'));

        CPPUNIT_ASSERT_EQUAL(
            std::string("mrz_number_check line2 10 ?2 ?3 ?6 ?9, mrz_composite_check line2 44"),
            told(mrz.findings));
    }

    void takesTheLinesAsTheyAreTyped()
    {
        std::string typed = std::string(kFirst) + "\r\n  " + kSecond + " \n";
        std::transform(typed.begin(), typed.end(), typed.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });

        CPPUNIT_ASSERT(readMrz(typed, kToday, kFairLastDay).findings.empty());
        CPPUNIT_ASSERT(
            readMrz(std::string(kFirst) + kSecond, kToday, kFairLastDay).findings.empty());
    }

    void refusesOtherLengthsAndBytes()
    {
        const std::string first(kFirst);
        CPPUNIT_ASSERT_EQUAL(std::string("length"), told(readLines(first, "").findings));
        CPPUNIT_ASSERT_EQUAL(std::string("length"), told(readLines(first + "<", kSecond).findings));
        CPPUNIT_ASSERT_EQUAL(std::string("not_utf8 4"),
                             told(readLines(changed(first, 4, '\xFF'), kSecond).findings));
        CPPUNIT_ASSERT_EQUAL(std::string("character line1 1"),
                             told(readLines(changed(first, 1, 'I'), kSecond).findings));
    }

    void choosesTheCenturies()
    {
        CPPUNIT_ASSERT(parseDay("20261123") == parsePastDay("261123", kToday));
        CPPUNIT_ASSERT(parseDay("19261124") == parsePastDay("261124", kToday));
        CPPUNIT_ASSERT(parseDay("20761231") == parseExpiryDay("761231", kToday));
        CPPUNIT_ASSERT(parseDay("19770101") == parseExpiryDay("770101", kToday));
        CPPUNIT_ASSERT(!parsePastDay("000230", kToday));
        CPPUNIT_ASSERT(!parseExpiryDay("3012", kToday));
        const Day late{std::chrono::year{2080}, std::chrono::January, std::chrono::day{1}};
        CPPUNIT_ASSERT(parseDay("21050101") == parseExpiryDay("050101", late));
        CPPUNIT_ASSERT(parseDay("21300101") == parseExpiryDay("300101", late));
        CPPUNIT_ASSERT(parseDay("20310101") == parseExpiryDay("310101", late));
    }
};

HUB_TEST_SUITE_REGISTRATION(MrzTest, "mrz");

} // namespace
