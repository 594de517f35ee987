// Goal: numbers of identity cards and residence permits are judged as their standard says, with the
// doubtful characters named. Method: a table of synthetic numbers, and properties over numbers that
// are computed here by another method.

#include "identifiers/resident_card.hpp"
#include "samples.hpp"
#include "support/suite.hpp"
#include "told.hpp"

#include <algorithm>

namespace {

using namespace identifiers;       // NOLINT(google-build-using-namespace): the subject of this file
using namespace identifiers::test; // NOLINT(google-build-using-namespace): its samples

struct Row {
    std::string name;
    std::string text;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> cards()
{
    return {
        // name                     text                  findings
        {"a woman of Beijing", "110000190001010020", ""},
        {"a man of Shanghai", "31000019000101001X", ""},
        {"a small x", "11000019000101008x", ""},
        {"the standard's specimen", "11010519491231002X", ""},
        {"the standard's other one", "440524188001010014", ""},
        {"spaces", "110000 19000101 0020", ""},
        {"full width", "１１００００１９０００１０１００２０", ""},
        {"the check digit changed", "110000190001010021", "check_character 18 <17-18"},
        {"30 February", "110000190002300011", "birth_date 7"},
        {"29 February of 1900", makeResidentNumber(1, "11000019000229"), "birth_date 7"},
        {"29 February of 2000", makeResidentNumber(1, "11000020000229"), ""},
        {"today", makeResidentNumber(1, "11000020261123"), ""},
        {"tomorrow", makeResidentNumber(1, "11000020261124"), "birth_in_future 7"},
        {"month 13", makeResidentNumber(1, "11000019001301"), "birth_date 7"},
        {"no such province", makeResidentNumber(1, "16000019000101"), "area 1"},
        {"Taiwan by this rule", makeResidentNumber(1, "71000019000101"), "area 1"},
        {"a permit's area", "810000190001010018", "area 1"},
        {"area and birth", makeResidentNumber(1, "16000019001301"), "area 1, birth_date 7"},
        {"too short", "11000019000101002", "length"},
        {"the old form", "110000000101001", "old_form"},
        {"an O for a 0", "11OO00190001010020", "character 3, character 4"},
        {"X in the middle", "1100001900010X0020", "character 14"},
        {"nothing", "", "missing"},
    };
}

std::vector<Row> permits()
{
    return {
        // name          text                  findings
        {"Hong Kong", "810000190001010018", ""},
        {"Macao", "820000190001010028", ""},
        {"Taiwan", "830000190001010038", ""},
        {"no such area", "840000190001010013", "area 1"},
        {"a district of none", makeResidentNumber(1, "81010019000101"), "area 1"},
        {"the mainland", "110000190001010020", "area 1"},
    };
}

constexpr PersonFacts kFacts{kToday};

class ResidentCardTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ResidentCardTest);
    CPPUNIT_TEST_PARAMETERIZED(judgesACard, cards());
    CPPUNIT_TEST_PARAMETERIZED(judgesAPermit, permits());
    CPPUNIT_TEST(knowsEveryProvince);
    CPPUNIT_TEST(comparesTheSex);
    CPPUNIT_TEST(readsBirthAndSex);
    CPPUNIT_TEST(findsEverySingleChange);
    CPPUNIT_TEST(findsEverySwapOfNeighbors);
    CPPUNIT_TEST(namesEverySwapAmongItsDoubts);
    CPPUNIT_TEST(doubtsAreFewAndOrdered);
    CPPUNIT_TEST(oldAndNewFormHaveOneKey);
    CPPUNIT_TEST_SUITE_END();

public:
    void judgesACard(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkResidentCard(row.text, kFacts).findings));
    }

    void judgesAPermit(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkResidencePermit(row.text, kFacts).findings));
    }

    void knowsEveryProvince()
    {
        std::string known;
        for (int province = 0; province < 100; ++province) {
            const std::string begin = padded(province, 2) + "000019000101";
            if (checkResidentCard(makeResidentNumber(1, begin), kFacts).isAcceptable()) {
                known += padded(province, 2) + " ";
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::string("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 "
                                         "45 46 50 51 52 53 54 61 62 63 64 65 "),
                             known);
    }

    void comparesTheSex()
    {
        const std::string woman = makeResidentNumber(2);

        CPPUNIT_ASSERT_EQUAL(std::string("sex 17"),
                             told(checkResidentCard(woman, {kToday, Sex::Male}).findings));
        CPPUNIT_ASSERT(checkResidentCard(woman, {kToday, Sex::Female}).findings.empty());
    }

    void readsBirthAndSex()
    {
        const std::string number = makeResidentNumber(3, "11000020000229");

        CPPUNIT_ASSERT(parseDay("20000229") == birthOf(number));
        CPPUNIT_ASSERT(Sex::Male == sexOf(number));
        CPPUNIT_ASSERT(Sex::Female == sexOf(makeResidentNumber(4)));
        CPPUNIT_ASSERT(!birthOf("11000020000229"));
        CPPUNIT_ASSERT(!sexOf(""));
    }

    void findsEverySingleChange()
    {
        for (int sequence = 0; sequence < 50; ++sequence) {
            const std::string number = makeResidentNumber(sequence);
            for (std::size_t i = 0; i < number.size(); ++i) {
                for (const char c : kDigitsAndX) {
                    std::string changed = number;
                    changed[i] = c;
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        changed, c == number[i], checkResidentCard(changed, kFacts).isAcceptable());
                }
            }
        }
    }

    void findsEverySwapOfNeighbors()
    {
        for (int sequence = 0; sequence < 1000; ++sequence) {
            const std::string number = makeResidentNumber(sequence);
            for (std::size_t i = 0; i + 1 < number.size(); ++i) {
                std::string swapped = number;
                std::swap(swapped[i], swapped[i + 1]);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    swapped, swapped == number, checkResidentCard(swapped, kFacts).isAcceptable());
            }
        }
    }

    void namesEverySwapAmongItsDoubts()
    {
        for (int sequence = 0; sequence < 200; ++sequence) {
            const std::string number = makeResidentNumber(sequence);
            // Not the last one: an X in front of the check digit is a misfit, not a doubt.
            for (std::size_t i = 0; i + 2 < number.size(); ++i) {
                std::string swapped = number;
                std::swap(swapped[i], swapped[i + 1]);
                if (swapped == number) {
                    continue;
                }
                const Findings findings = checkResidentCard(swapped, kFacts).findings;
                const auto& doubts = findings.back().doubts;
                CPPUNIT_ASSERT_MESSAGE(swapped + " " + told(findings),
                                       std::find(doubts.begin(),
                                                 doubts.end(),
                                                 Doubt{i + 1, Doubt::Mistake::Swapped}) !=
                                           doubts.end());
            }
        }
    }

    void doubtsAreFewAndOrdered()
    {
        int with_doubts = 0;
        for (int sequence = 0; sequence < 100; ++sequence) {
            std::string number = makeResidentNumber(sequence);
            number[15] = number[15] == '9' ? '0' : static_cast<char>(number[15] + 1);
            const auto doubts = checkResidentCard(number, kFacts).findings.back().doubts;

            with_doubts += doubts.empty() ? 0 : 1;
            CPPUNIT_ASSERT_MESSAGE(number, doubts.size() <= 4);
            CPPUNIT_ASSERT_MESSAGE(
                number,
                std::is_sorted(doubts.begin(), doubts.end(), [](const Doubt& a, const Doubt& b) {
                    return std::pair(a.mistake, a.position) < std::pair(b.mistake, b.position);
                }));
        }
        CPPUNIT_ASSERT(with_doubts > 0);
    }

    void oldAndNewFormHaveOneKey()
    {
        CPPUNIT_ASSERT_EQUAL(makeResidentNumber(1), residentKey("110000000101001"));
        CPPUNIT_ASSERT_EQUAL(makeResidentNumber(8), residentKey("11000019000101008x"));
        CPPUNIT_ASSERT_EQUAL(std::string(), residentKey("1100000001010011"));
        CPPUNIT_ASSERT_EQUAL(std::string(), residentKey("\xFF"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ResidentCardTest, "resident_card");

} // namespace
