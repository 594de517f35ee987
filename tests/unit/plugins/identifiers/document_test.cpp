// Goal: each person shows the documents of its kind, they are judged by their own rules, and the
// same document has one key however it was written or renewed. Method: tables of synthetic numbers.

#include "identifiers/document.hpp"
#include "identifiers/passport.hpp"
#include "identifiers/permanent_residence.hpp"
#include "identifiers/travel_permit.hpp"
#include "samples.hpp"
#include "support/suite.hpp"
#include "told.hpp"

#include <algorithm>
#include <set>

namespace {

using namespace identifiers;       // NOLINT(google-build-using-namespace): the subject of this file
using namespace identifiers::test; // NOLINT(google-build-using-namespace): its samples
using Kind = DocumentKind;

struct Row {
    std::string name;
    Kind kind;
    std::string text;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> numbers()
{
    return {
        // name                              kind                       text             findings
        {"Hong Kong", Kind::HongKongMacaoPermit, "H00000000", ""},
        {"Macao", Kind::HongKongMacaoPermit, "m0000 0000", ""},
        {"Hong Kong renewed", Kind::HongKongMacaoPermit, "H0000000001", ""},
        {"no Chinese citizen", Kind::HongKongMacaoPermit, "HA0000000", ""},
        {"no Chinese citizen of Macao", Kind::HongKongMacaoPermit, "MA0000000", ""},
        {"A and renewals", Kind::HongKongMacaoPermit, "HA000000001", "character 2"},
        {"neither H nor M", Kind::HongKongMacaoPermit, "X00000000", "character 1"},
        {"an N for an M", Kind::HongKongMacaoPermit, "N00000000", "character 1"},
        {"one renewal digit", Kind::HongKongMacaoPermit, "H000000000", "length"},
        {"Taiwan", Kind::TaiwanPermit, "00000000", ""},
        {"a booklet", Kind::TaiwanPermit, "0000000001", ""},
        {"a booklet with its office", Kind::TaiwanPermit, "0000000001(B)", ""},
        {"full-width brackets", Kind::TaiwanPermit, "0000000001（B）", ""},
        {"an office of digits", Kind::TaiwanPermit, "0000000001(1)", ""},
        {"nine digits", Kind::TaiwanPermit, "000000000", "length"},
        {"only brackets", Kind::TaiwanPermit, "()", "length"},
        {"a letter in front", Kind::TaiwanPermit, "T0000000", "character 1"},
        {"permanent residence", Kind::PermanentResidence, "931999190001010017", ""},
        {"of 2017", Kind::PermanentResidence, "UTO310000000001", ""},
        {"wrong check", Kind::PermanentResidence, "931999190001010018", "check_character 18"},
        {"no first 9", Kind::PermanentResidence, "831999190001010017", "character 1"},
        {"no such day",
         Kind::PermanentResidence,
         makeResidentNumber(1, "93199919000230"),
         "birth_date 7"},
        {"no such province",
         Kind::PermanentResidence,
         makeResidentNumber(1, "99999919000101"),
         "~area 2"},
        {"of 2017 with a digit", Kind::PermanentResidence, "U0O310000000001", "character 2"},
        {"a passport", Kind::Passport, "x0000001", ""},
        {"a short passport", Kind::Passport, "A1234", ""},
        {"too short a passport", Kind::Passport, "A123", "length"},
        {"too long a passport", Kind::Passport, "A123456789", "length"},
        {"a passport with a sign", Kind::Passport, "A12/45", "character 4"},
        {"China E", Kind::ChinesePassport, "E00000000", ""},
        {"China EA", Kind::ChinesePassport, "EA0000000", ""},
        {"China E and an I", Kind::ChinesePassport, "EI0000000", "character 2"},
        {"China G", Kind::ChinesePassport, "G00000000", ""},
        {"China diplomatic", Kind::ChinesePassport, "DE0000000", ""},
        {"China service", Kind::ChinesePassport, "SE0000000", ""},
        {"China public affairs", Kind::ChinesePassport, "PE0000000", ""},
        {"another letter", Kind::ChinesePassport, "A00000000", "character 1"},
    };
}

struct KeyRow {
    std::string name;
    Kind kind;
    std::string text;
    std::string country;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const KeyRow& row)
{
    return out << row.name;
}

std::vector<KeyRow> keys()
{
    return {
        // name                kind                       text            country key
        {"a permit",
         Kind::HongKongMacaoPermit,
         "H0000000100",
         "",
         "hong_kong_macao_permit:H00000001"},
        {"renewed",
         Kind::HongKongMacaoPermit,
         "h0000000103",
         "",
         "hong_kong_macao_permit:H00000001"},
        {"of 2013", Kind::HongKongMacaoPermit, "H00000001", "", "hong_kong_macao_permit:H00000001"},
        {"a booklet", Kind::TaiwanPermit, "0000000103(B)", "", "taiwan_permit:00000001"},
        {"its card", Kind::TaiwanPermit, "00000001", "", "taiwan_permit:00000001"},
        {"15 digits",
         Kind::ResidentCard,
         "110000000101002",
         "",
         "resident_card:110000190001010020"},
        {"18 digits",
         Kind::ResidentCard,
         "110000190001010020",
         "",
         "resident_card:110000190001010020"},
        {"a residence permit",
         Kind::ResidencePermit,
         "810000190001010018",
         "",
         "residence_permit:810000190001010018"},
        {"a passport", Kind::Passport, "x 0000001", "uto", "passport:UTO:X0000001"},
        {"without a country", Kind::Passport, "X0000001", "", ""},
        {"a country of two letters", Kind::Passport, "X0000001", "UT", ""},
        {"Chinese", Kind::ChinesePassport, "E00000000", "", "passport:CHN:E00000000"},
        {"Chinese as any", Kind::Passport, "E00000000", "CHN", "passport:CHN:E00000000"},
        {"permanent residence",
         Kind::PermanentResidence,
         "uto310000000001",
         "",
         "permanent_residence:UTO310000000001"},
        {"none", Kind::HongKongMacaoPermit, "X00000000", "", ""},
        {"broken bytes", Kind::PermanentResidence, "\xFF", "", ""},
    };
}

const DocumentFacts kFacts{.person = {kToday}, .fair_last_day = kFairLastDay};

class DocumentTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DocumentTest);
    CPPUNIT_TEST_PARAMETERIZED(judgesANumber, numbers());
    CPPUNIT_TEST_PARAMETERIZED(makesAKey, keys());
    CPPUNIT_TEST(everyPersonShowsItsOwnKinds);
    CPPUNIT_TEST(refusesAKindThatThePersonMayNotShow);
    CPPUNIT_TEST(aDocumentOutlivesTheFair);
    CPPUNIT_TEST(doubtsOfAForeignersCardWouldMendIt);
    CPPUNIT_TEST(namesAreReadBack);
    CPPUNIT_TEST_SUITE_END();

public:
    void judgesANumber(const Row& row)
    {
        for (const PersonKind person : kPersons) {
            if (isAllowed(person, row.kind)) {
                const Checked checked = checkDocument(person, row.kind, row.text, kFacts);
                CPPUNIT_ASSERT_EQUAL(row.expected, told(checked.findings));
            }
        }
    }

    void makesAKey(const KeyRow& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, documentKey(row.kind, row.text, row.country));
    }

    void everyPersonShowsItsOwnKinds()
    {
        std::multiset<Kind> shown;
        for (const PersonKind person : kPersons) {
            for (const Kind kind : documentsOf(person)) {
                CPPUNIT_ASSERT(isAllowed(person, kind));
                shown.insert(kind);
            }
        }
        // Each kind belongs to one kind of person: who shows it needs not be asked.
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, shown.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, std::set<Kind>(shown.begin(), shown.end()).size());
        CPPUNIT_ASSERT(Kind::ResidentCard == documentsOf(PersonKind::Mainland).front());
        CPPUNIT_ASSERT(std::vector{Kind::ChinesePassport} ==
                       documentsOf(PersonKind::ChinaOverseas));
    }

    void refusesAKindThatThePersonMayNotShow()
    {
        const Checked checked =
            checkDocument(PersonKind::Mainland, Kind::Passport, "X0000001", kFacts);

        CPPUNIT_ASSERT_EQUAL(std::string("document_kind"), told(checked.findings));
        CPPUNIT_ASSERT(!checked.isAcceptable());
    }

    void aDocumentOutlivesTheFair()
    {
        const auto findings_of = [](const Day& expires) {
            DocumentFacts facts = kFacts;
            facts.expires = expires;
            return told(checkDocument(PersonKind::OtherCountry, Kind::Passport, "X0000001", facts)
                            .findings);
        };
        const Day day_after{std::chrono::sys_days{kFairLastDay} + std::chrono::days{1}};

        CPPUNIT_ASSERT_EQUAL(std::string(), findings_of(day_after));
        CPPUNIT_ASSERT_EQUAL(std::string("expires_too_early"), findings_of(kFairLastDay));
        CPPUNIT_ASSERT_EQUAL(
            std::string("expiry_date"),
            findings_of(Day{kToday.year(), std::chrono::February, std::chrono::day{30}}));
    }

    void doubtsOfAForeignersCardWouldMendIt()
    {
        int doubts = 0;
        for (int sequence = 0; sequence < 200; ++sequence) {
            std::string number = makeResidentNumber(sequence, "93199919000101");
            number[1] = static_cast<char>('4' + sequence % 6);
            const Findings findings = checkPermanentResidence(number, kToday).findings;
            if (!hasCode(findings, Code::CheckCharacter)) {
                continue;
            }
            for (const Doubt& doubt : findings.back().doubts) {
                CPPUNIT_ASSERT_MESSAGE(number + " " + told(findings), canBeMended(number, doubt));
                ++doubts;
            }
        }
        CPPUNIT_ASSERT(doubts > 20);
    }

    void namesAreReadBack()
    {
        for (const PersonKind person : kPersons) {
            CPPUNIT_ASSERT(person == parsePersonKind(toText(person)));
            for (const Kind kind : documentsOf(person)) {
                CPPUNIT_ASSERT(kind == parseDocumentKind(toText(kind)));
            }
        }
        CPPUNIT_ASSERT(!parseDocumentKind("driving_license"));
        CPPUNIT_ASSERT(!parsePersonKind(""));
    }

private:
    static bool canBeMended(std::string number, const Doubt& doubt)
    {
        const std::size_t at = doubt.position - 1;
        if (doubt.mistake == Doubt::Mistake::Swapped) {
            std::swap(number[at], number[at + 1]);
            return checkPermanentResidence(number, kToday).findings.empty();
        }
        return std::any_of(kDigitsAndX.begin(), kDigitsAndX.end(), [&number, at](char c) {
            number[at] = c;
            return checkPermanentResidence(number, kToday).findings.empty();
        });
    }

    static constexpr PersonKind kPersons[] = {PersonKind::Mainland,
                                              PersonKind::HongKongMacaoTaiwan,
                                              PersonKind::OtherCountry,
                                              PersonKind::ChinaOverseas};
};

HUB_TEST_SUITE_REGISTRATION(DocumentTest, "document");

} // namespace
