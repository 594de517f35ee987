// Goal: a social credit code is taken or refused for the right reason, and the doubtful characters
// are named. Method: a table of synthetic codes, and properties over codes that are computed here
// by another method: every single change and every swap of neighbors is found.

#include "identifiers/shape.hpp"
#include "identifiers/social_credit_code.hpp"
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

std::vector<Row> codes()
{
    return {
        // name                     text                  findings
        {"the standard's specimen", "91350100M000100Y43", ""},
        {"an enterprise", "91310000MAXHUB014C", ""},
        {"another enterprise", "91440000MAXHUB022A", ""},
        {"an individual business", "92330000MAXHUB0307", ""},
        {"an organ", "11110000000000019K", ""},
        {"an institution with X", "123200000HUB0004XR", ""},
        {"a social organization", "515000000HUB00058X", ""},
        {"a law firm", "313100000HUB00066H", ""},
        {"lower case", "91310000maxhub014c", ""},
        {"spaces and dashes",
         " 9131-0000 MAXHUB01\xE2\x80\x93"
         "4C\t",
         ""},
        {"full width", "９１３１００００ＭＡＸＨＵＢ０１４Ｃ", ""},
        {"an ideographic space", "91310000\xE3\x80\x80MAXHUB014C", ""},
        {"marks of direction",
         "\xE2\x80\xAD"
         "91310000MAXHUB014C\xE2\x80\xAC",
         ""},
        {"the last one changed", "91310000MAXHUB0140", "check_character 18 ?2 ?8 ?12 ?18"},
        {"two swapped", "91310000MXAHUB014C", "~organization_check 17, check_character 18 <10-11"},
        {"a letter I", "91310000MAXHUB0I4C", "character 16"},
        {"the letters I, O, S, V, Z",
         "9131000OMAXHUBISVZ",
         "character 8, character 15, character 16, character 17"},
        {"a letter in the area", "913100A0MAXHUB014C", "character 7"},
        {"too short", "91310000MAXHUB014", "length"},
        {"too long", "91310000MAXHUB014C0", "length"},
        {"too long by a sign", "91310000MAXHUB014C。", "length, character 19"},
        {"a Chinese character", "91310000MAXHUB01中C", "character 17"},
        {"nothing", "  ", "missing"},
        {"broken bytes", "91310000\xC3MAXHUB014", "not_utf8 9"},
        {"a surrogate", "9131\xED\xA0\x80", "not_utf8 5"},
        {"an endless text", std::string(513, '9'), "length"},
    };
}

struct ClassRow {
    std::string name;
    std::string begin; // 8 characters
    OrganizationClass chosen;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const ClassRow& row)
{
    return out << row.name;
}

std::vector<ClassRow> classes()
{
    using enum OrganizationClass;
    return {
        // name                       begin       chosen             findings
        {"an organ", "11310000", GovernmentOrgan, ""},
        {"an institution", "12310000", PublicInstitution, ""},
        {"a people's organization", "13310000", SocialOrganization, ""},
        {"a foundation", "53310000", SocialOrganization, ""},
        {"a cooperative", "93310000", Enterprise, ""},
        {"a law firm is left open", "31310000", Enterprise, ""},
        {"a union is left open", "81310000", SocialOrganization, ""},
        {"an enterprise as an organ", "91310000", GovernmentOrgan, "~organization_class 1"},
        {"an organ as an institution", "11310000", PublicInstitution, "~organization_class 1"},
        {"a people's one as an organ", "13310000", GovernmentOrgan, "~organization_class 1"},
        {"the state's area", "11100000", GovernmentOrgan, ""},
        {"no such province", "91700000", Enterprise, "~area 3"},
        {"no such authority", "01310000", Enterprise, "~registration_authority 1"},
        {"two doubts", "B1990000", Enterprise, "~registration_authority 1, ~area 3"},
    };
}

class SocialCreditCodeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SocialCreditCodeTest);
    CPPUNIT_TEST_PARAMETERIZED(judgesACode, codes());
    CPPUNIT_TEST_PARAMETERIZED(comparesTheClass, classes());
    CPPUNIT_TEST(knowsEveryRegistrationAuthority);
    CPPUNIT_TEST(aWrongOrganizationCheckOnlyWarns);
    CPPUNIT_TEST(findsEverySingleChange);
    CPPUNIT_TEST(findsEverySwapOfNeighbors);
    CPPUNIT_TEST(namesTheSwapAmongItsDoubts);
    CPPUNIT_TEST(namesTheMisreadCharacterAmongItsDoubts);
    CPPUNIT_TEST(everyDoubtWouldMendTheCode);
    CPPUNIT_TEST(saysWhatALetterWasProbablyMeantToBe);
    CPPUNIT_TEST(equalCodesHaveOneKey);
    CPPUNIT_TEST(knowsTheProvince);
    CPPUNIT_TEST_SUITE_END();

public:
    void judgesACode(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkSocialCreditCode(row.text).findings));
    }

    void comparesTheClass(const ClassRow& row)
    {
        const std::string code = makeSocialCreditCode(1, row.begin);

        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkSocialCreditCode(code, row.chosen).findings));
    }

    void knowsEveryRegistrationAuthority()
    {
        std::string known;
        for (const char c : kSocialCredit) {
            const std::string code = makeSocialCreditCode(1, std::string(1, c) + "1310000");
            if (checkSocialCreditCode(code).findings.empty()) {
                known += c;
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::string("123456789ANY"), known);
    }

    void aWrongOrganizationCheckOnlyWarns()
    {
        std::string code = makeSocialCreditCode(1).substr(0, 17);
        code.back() = code.back() == '1' ? '2' : '1';
        code += socialCreditCheckByForce(code);

        const Checked checked = checkSocialCreditCode(code);

        CPPUNIT_ASSERT_EQUAL(std::string("~organization_check 17"), told(checked.findings));
        CPPUNIT_ASSERT(checked.isAcceptable());
    }

    void findsEverySingleChange()
    {
        int changes = 0;
        for (int serial = 0; serial < 50; ++serial) {
            const std::string code = makeSocialCreditCode(serial);
            for (std::size_t i = 0; i < code.size(); ++i) {
                for (const char c : kBase36) {
                    std::string changed = code;
                    changed[i] = c;
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        changed, c == code[i], checkSocialCreditCode(changed).isAcceptable());
                    ++changes;
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(50 * 18 * 36, changes);
    }

    void findsEverySwapOfNeighbors()
    {
        for (int serial = 0; serial < 500; ++serial) {
            const std::string code = makeSocialCreditCode(serial);
            for (std::size_t i = 0; i + 1 < code.size(); ++i) {
                std::string swapped = code;
                std::swap(swapped[i], swapped[i + 1]);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    swapped, swapped == code, checkSocialCreditCode(swapped).isAcceptable());
            }
        }
    }

    void namesTheSwapAmongItsDoubts()
    {
        for (int serial = 0; serial < 200; ++serial) {
            const std::string code = makeSocialCreditCode(serial);
            for (std::size_t i = 0; i + 1 < code.size(); ++i) {
                std::string swapped = code;
                std::swap(swapped[i], swapped[i + 1]);
                if (swapped != code && fits(swapped, "ssddddddssssssssss")) {
                    assertDoubt(swapped, {i + 1, Doubt::Mistake::Swapped});
                }
            }
        }
    }

    void namesTheMisreadCharacterAmongItsDoubts()
    {
        // 8 and B are mistaken for each other, and both stand in the alphabet.
        std::string code = makeSocialCreditCode(7);
        CPPUNIT_ASSERT_EQUAL('B', code[11]);
        code[11] = '8';

        assertDoubt(code, {12, Doubt::Mistake::Misread});
    }

    void everyDoubtWouldMendTheCode()
    {
        int doubts = 0;
        for (int serial = 0; serial < 100; ++serial) {
            std::string code = makeSocialCreditCode(serial);
            code[static_cast<std::size_t>(serial % 6 + 2)] = static_cast<char>('0' + serial % 10);
            const Findings findings = checkSocialCreditCode(code).findings;
            for (const Doubt& doubt :
                 findings.empty() ? std::vector<Doubt>{} : findings.back().doubts) {
                CPPUNIT_ASSERT_MESSAGE(code + " " + told(findings), canBeMended(code, doubt));
                ++doubts;
            }
        }
        CPPUNIT_ASSERT(doubts > 50);
    }

    void saysWhatALetterWasProbablyMeantToBe()
    {
        const Finding finding = checkSocialCreditCode("91310000MAXHUB0I4C").findings.at(0);

        CPPUNIT_ASSERT_EQUAL(std::string("1"), finding.expected);
        CPPUNIT_ASSERT_EQUAL(std::string("I"), finding.actual);
    }

    void equalCodesHaveOneKey()
    {
        const std::string key = socialCreditKey("91310000MAXHUB014C");

        CPPUNIT_ASSERT_EQUAL(std::string("91310000MAXHUB014C"), key);
        CPPUNIT_ASSERT_EQUAL(key, socialCreditKey("９1310000 maxhub014c"));
        CPPUNIT_ASSERT_EQUAL(std::string(), socialCreditKey("91310000MAXHUB0140"));
    }

    void knowsTheProvince()
    {
        CPPUNIT_ASSERT(provinceOf(makeSocialCreditCode(1)) == "31");
        CPPUNIT_ASSERT(provinceOf("913").empty());
    }

private:
    static bool canBeMended(std::string code, const Doubt& doubt)
    {
        const std::size_t at = doubt.position - 1;
        if (doubt.mistake == Doubt::Mistake::Swapped) {
            std::swap(code[at], code[at + 1]);
            return told(checkSocialCreditCode(code).findings).empty();
        }
        return std::any_of(kSocialCredit.begin(), kSocialCredit.end(), [&code, at](char c) {
            code[at] = c;
            return told(checkSocialCreditCode(code).findings).empty();
        });
    }

    static void assertDoubt(const std::string& code, const Doubt& doubt)
    {
        const Findings findings = checkSocialCreditCode(code).findings;
        CPPUNIT_ASSERT_MESSAGE(code, !findings.empty());
        const Finding& last = findings.back();
        CPPUNIT_ASSERT_MESSAGE(code, last.code == Code::CheckCharacter);
        CPPUNIT_ASSERT_MESSAGE(code + " " + told(findings),
                               std::find(last.doubts.begin(), last.doubts.end(), doubt) !=
                                   last.doubts.end());
    }
};

HUB_TEST_SUITE_REGISTRATION(SocialCreditCodeTest, "social_credit_code");

} // namespace
