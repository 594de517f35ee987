// Goal: bank data is refused for its shape only; a check digit asks to look again. Method: tables
// of numbers under unused prefixes, and every single change of a number that is computed here.

#include "brute_force.hpp"
#include "identifiers/bank.hpp"
#include "samples.hpp"
#include "support/suite.hpp"
#include "told.hpp"

namespace {

using namespace identifiers;       // NOLINT(google-build-using-namespace): the subject of this file
using namespace identifiers::test; // NOLINT(google-build-using-namespace): its samples

class BankTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BankTest);
    CPPUNIT_TEST(takesBankCodes);
    CPPUNIT_TEST(takesCardsOfPersons);
    CPPUNIT_TEST(takesAccountsOfOrganizations);
    CPPUNIT_TEST(everySingleChangeIsAskedAbout);
    CPPUNIT_TEST(aSwapIsNamed);
    CPPUNIT_TEST_SUITE_END();

public:
    void takesBankCodes()
    {
        CPPUNIT_ASSERT_EQUAL(std::string(), told(checkBankCode("999999900019").findings));
        CPPUNIT_ASSERT_EQUAL(std::string(), told(checkBankCode("9999 9990 0027").findings));
        CPPUNIT_ASSERT_EQUAL(std::string(), told(checkBankCode("102999900015").findings));
        CPPUNIT_ASSERT_EQUAL(std::string("length"), told(checkBankCode("99999990001").findings));
        CPPUNIT_ASSERT_EQUAL(std::string("character 12"),
                             told(checkBankCode("99999990001X").findings));
        const Checked doubtful = checkBankCode("999999900018");
        CPPUNIT_ASSERT(hasCode(doubtful.findings, Code::BankCodeCheck));
        CPPUNIT_ASSERT(doubtful.isAcceptable());
    }

    void takesCardsOfPersons()
    {
        const auto findings_of = [](const std::string& text) {
            return told(checkAccount(text, PayeeKind::Person).findings);
        };
        CPPUNIT_ASSERT_EQUAL(std::string(), findings_of("6200 0000 0000 0005"));
        CPPUNIT_ASSERT_EQUAL(std::string(), findings_of("6220000000000000008"));
        CPPUNIT_ASSERT_EQUAL(std::string("length"), findings_of("620000000000000"));
        CPPUNIT_ASSERT_EQUAL(std::string("length"), findings_of("62200000000000000081"));
        CPPUNIT_ASSERT_EQUAL(std::string("character 2"), findings_of("6Z00000000000005"));
        const Checked doubtful = checkAccount("6200000000000006", PayeeKind::Person);
        CPPUNIT_ASSERT(hasCode(doubtful.findings, Code::CardCheck));
        CPPUNIT_ASSERT(doubtful.isAcceptable());
    }

    void takesAccountsOfOrganizations()
    {
        const auto findings_of = [](const std::string& text) {
            return told(checkAccount(text, PayeeKind::Organization).findings);
        };
        CPPUNIT_ASSERT_EQUAL(std::string(), findings_of("6200000000000006"));
        CPPUNIT_ASSERT_EQUAL(std::string(), findings_of("9990-0001"));
        CPPUNIT_ASSERT_EQUAL(std::string(), findings_of(std::string(32, '9')));
        CPPUNIT_ASSERT_EQUAL(std::string("length"), findings_of("9990000"));
        CPPUNIT_ASSERT_EQUAL(std::string("length"), findings_of(std::string(33, '9')));
        CPPUNIT_ASSERT_EQUAL(std::string("character 5"), findings_of("9990/0001"));
    }

    void everySingleChangeIsAskedAbout()
    {
        for (int serial = 0; serial < 50; ++serial) {
            const std::string bank = "9999999" + padded(serial, 4);
            assertChangesFound(bank + hybridCheckByForce(bank), [](const std::string& text) {
                return checkBankCode(text).findings.empty();
            });
            const std::string card = "62999900000" + padded(serial, 4);
            assertChangesFound(card + cardCheckByForce(card), [](const std::string& text) {
                return checkAccount(text, PayeeKind::Person).findings.empty();
            });
        }
    }

    void aSwapIsNamed()
    {
        CPPUNIT_ASSERT_EQUAL(std::string(), told(checkBankCode("102999900015").findings));

        CPPUNIT_ASSERT_EQUAL(std::string("~bank_code_check 12 <2-3"),
                             told(checkBankCode("120999900015").findings));
    }

private:
    template <typename IsClean>
    static void assertChangesFound(const std::string& number, IsClean is_clean)
    {
        for (std::size_t i = 0; i < number.size(); ++i) {
            for (const char c : kDigits) {
                std::string changed = number;
                changed[i] = c;
                CPPUNIT_ASSERT_EQUAL_MESSAGE(changed, c == number[i], is_clean(changed));
            }
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(BankTest, "bank");

} // namespace
