// Goal: passwords, e-mail addresses and referral codes are taken or refused as the form says.
// Method: tables.

#include "identifiers/email.hpp"
#include "identifiers/password.hpp"
#include "identifiers/referral_code.hpp"
#include "support/suite.hpp"
#include "told.hpp"

namespace {

using namespace identifiers; // NOLINT(google-build-using-namespace): the subject of this file
using identifiers::test::told;

struct Row {
    std::string name;
    std::string text;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> passwords()
{
    return {
        // name                  text            findings
        {"all kinds", "Fair-2026", ""},
        {"a space is special", "fair 2026", ""},
        {"a Chinese character is special", "fair展2026", ""},
        {"too short", "Fair-26", "length"},
        {"eight characters", "Fair-202", ""},
        {"eight of several bytes", "展展展展展展a1", ""},
        {"no letter", "2026-2027", "password_letter"},
        {"no digit", "fair-fair", "password_digit"},
        {"nothing special", "Fair20262026", "password_special"},
        {"short and plain", "fair", "length, password_digit, password_special"},
        {"the longest", std::string(126, 'a') + "1-", ""},
        {"too long", std::string(127, 'a') + "1-", "length"},
        {"much too long", std::string(600, 'a'), "length"},
        {"a tab", "fair\t2026", "character 5"},
        {"an invisible character", "fair2026\xE2\x80\x8B", "character 9"},
        {"broken bytes", "fair-2026\xFF", "not_utf8"},
        {"nothing", "", "missing"},
    };
}

std::vector<Row> addresses()
{
    const std::string local_64(64, 'a');
    const std::string label_63(63, 'b');
    const std::string domain_189 = label_63 + "." + label_63 + "." + std::string(61, 'c');
    return {
        // name                   text                    findings
        {"plain", "visitor@example.org", ""},
        {"dots and signs", "a.b+c_d-e@mail.example.org", ""},
        {"upper case", "Visitor@EXAMPLE.ORG", ""},
        {"spaces around", " visitor@example.org ", ""},
        {"full width", "visitor＠example．org", ""},
        {"an encoded domain", "visitor@xn--fiqs8s.example", ""},
        {"the longest local part", local_64 + "@example.org", ""},
        {"254 characters", local_64 + "@" + domain_189, ""},
        {"255 characters", local_64 + "@" + domain_189 + "c", "length"},
        {"a local part of 65", local_64 + "a@example.org", "email_form 65"},
        {"a label of 64", "a@" + label_63 + "b.org", "email_form 3"},
        {"no @", "visitor.example.org", "email_form"},
        {"two @", "a@b@example.org", "email_form 4"},
        {"nothing before @", "@example.org", "email_form 1"},
        {"nothing behind @", "visitor@", "email_form 9"},
        {"no dot behind @", "visitor@localhost", "email_form 9"},
        {"two dots", "a..b@example.org", "email_form 3"},
        {"a dot at the start", ".a@example.org", "email_form 1"},
        {"a dot at the end", "a.@example.org", "email_form 3"},
        {"a dot at the domain's end", "a@example.org.", "email_form 15"},
        {"a dash at a label's start", "a@-example.org", "email_form 3"},
        {"a dash at a label's end", "a@example-.org", "email_form 3"},
        {"digits alone at the end", "a@192.0.2.1", "email_form 11"},
        {"a top of one letter", "a@example.o", "email_form 11"},
        {"an address literal", "a@[192.0.2.1]", "email_form 3"},
        {"quoted", "\"a b\"@example.org", "email_form 1"},
        {"a space within", "a b@example.org", "email_form 2"},
        {"a comma", "a@example,org", "email_form 10"},
        {"Chinese", "张@example.org", "email_form 1"},
        {"a line break", "a@example.org\nBcc: b@example.org", "email_form 14"},
        {"nothing", "", "missing"},
        {"broken bytes", "a\x80@example.org", "not_utf8 2"},
    };
}

std::vector<Row> referralCodes()
{
    return {
        // name             text         findings
        {"as seen", "Q2021089", ""},
        {"lower case", "q2021089", ""},
        {"another shape", "HUB2026", "~referral_form"},
        {"a sign", "Q2021/89", "character 6"},
        {"too long", std::string(33, 'Q'), "length"},
        {"nothing", "", "missing"},
    };
}

class AccountRulesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AccountRulesTest);
    CPPUNIT_TEST_PARAMETERIZED(judgesAPassword, passwords());
    CPPUNIT_TEST_PARAMETERIZED(judgesAnAddress, addresses());
    CPPUNIT_TEST_PARAMETERIZED(judgesAReferralCode, referralCodes());
    CPPUNIT_TEST(findingsHoldNothingOfAPassword);
    CPPUNIT_TEST(oneMailboxHasOneKey);
    CPPUNIT_TEST_SUITE_END();

public:
    void judgesAPassword(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkPassword(row.text)));
    }

    void judgesAnAddress(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkEmail(row.text).findings));
    }

    void judgesAReferralCode(const Row& row)
    {
        CPPUNIT_ASSERT_EQUAL(row.expected, told(checkReferralCode(row.text).findings));
    }

    void findingsHoldNothingOfAPassword()
    {
        for (const Row& row : passwords()) {
            for (const Finding& finding : checkPassword(row.text)) {
                const bool is_length = finding.code == Code::Length;
                CPPUNIT_ASSERT_MESSAGE(row.name, is_length || finding.actual.empty());
                CPPUNIT_ASSERT_MESSAGE(row.name, is_length || finding.expected.empty());
            }
        }
    }

    void oneMailboxHasOneKey()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("Visitor@example.org"),
                             checkEmail("Visitor@EXAMPLE.org").value);
        CPPUNIT_ASSERT_EQUAL(std::string("visitor@example.org"), emailKey("Visitor@EXAMPLE.org"));
        CPPUNIT_ASSERT_EQUAL(std::string(), emailKey("visitor"));
    }
};

HUB_TEST_SUITE_REGISTRATION(AccountRulesTest, "account_rules");

} // namespace
