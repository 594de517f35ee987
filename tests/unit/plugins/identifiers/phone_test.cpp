// Goal: a mobile number becomes the one form of E.164, or its first wrong digit is named. Method: a
// table; numbers are of zeros.

#include "identifiers/phone.hpp"
#include "support/suite.hpp"
#include "told.hpp"

namespace {

using namespace identifiers; // NOLINT(google-build-using-namespace): the subject of this file
using identifiers::test::told;
using enum PhoneRegion;

struct Row {
    std::string name;
    std::string text;
    PhoneRegion home;
    std::string expected; // E.164, or the findings
    PhoneRegion region;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> phones()
{
    return {
        // name                        text                 home      expected          region
        {"mainland", "13800000000", Mainland, "+8613800000000", Mainland},
        {"with separators", "138-0000 0000", Mainland, "+8613800000000", Mainland},
        {"full width", "＋８６ １３８０００００００0", Mainland, "+8613800000000", Mainland},
        {"with its code", "+86 138 0000 0000", Other, "+8613800000000", Mainland},
        {"code without a plus", "8613800000000", Mainland, "+8613800000000", Mainland},
        {"00 for the plus", "008613800000000", Taiwan, "+8613800000000", Mainland},
        {"in brackets", "(+86)138.0000.0000", Mainland, "+8613800000000", Mainland},
        {"no such second digit", "12800000000", Mainland, "character 2", Mainland},
        {"no such first digit", "23800000000", Mainland, "character 1", Mainland},
        {"a land line", "+862100000000", Mainland, "length", Mainland},
        {"wrong behind the code", "+8612800000000", Mainland, "character 5", Mainland},
        {"too short", "1380000000", Mainland, "length", Mainland},
        {"an O", "1380000000O", Mainland, "character 11", Mainland},
        {"a letter behind a plus", "+86138000000l0", Mainland, "character 13", Mainland},
        {"two pluses", "++8613800000000", Mainland, "character 2", Mainland},
        {"Hong Kong", "90000000", HongKong, "+85290000000", HongKong},
        {"Hong Kong from elsewhere", "+85240000000", Mainland, "+85240000000", HongKong},
        {"Hong Kong, code alone", "85290000000", Mainland, "+85290000000", HongKong},
        {"Hong Kong's land line", "30000000", HongKong, "character 1", HongKong},
        {"Macao", "60000000", Macao, "+85360000000", Macao},
        {"Macao's land line", "20000000", Macao, "character 1", Macao},
        {"Taiwan", "0900 000 000", Taiwan, "+886900000000", Taiwan},
        {"Taiwan without its 0", "900000000", Taiwan, "+886900000000", Taiwan},
        {"Taiwan with code and 0", "+8860900000000", Other, "+886900000000", Taiwan},
        {"Taiwan with code", "+886900000000", Other, "+886900000000", Taiwan},
        {"Taiwan's land line", "0200000000", Taiwan, "character 2", Taiwan},
        {"another country", "+44 7000 000000", Mainland, "+447000000000", Other},
        {"the shortest", "+1000000", Other, "+1000000", Other},
        {"the longest", "+100000000000000", Other, "+100000000000000", Other},
        {"too long for the world", "+1000000000000000", Other, "length", Other},
        {"too short for the world", "+100000", Other, "length", Other},
        {"a code that begins with 0", "+0440000000", Other, "country_code 2", Other},
        {"without a code", "447000000000", Other, "country_code 1", Other},
        {"another country without plus", "447000000000", Mainland, "length", Mainland},
        {"only a plus", "+", Mainland, "length", Mainland},
        {"only brackets", "()", Mainland, "length", Mainland},
        {"nothing", "", Mainland, "missing", Mainland},
        {"broken bytes", "138\xFE", Mainland, "not_utf8 4", Mainland},
    };
}

class PhoneTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PhoneTest);
    CPPUNIT_TEST_PARAMETERIZED(readsANumber, phones());
    CPPUNIT_TEST(whatItWritesItReadsTheSame);
    CPPUNIT_TEST(onlyTheMainlandGetsTextMessages);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsANumber(const Row& row)
    {
        const Phone phone = checkPhone(row.text, row.home);

        const std::string findings = told(phone.checked.findings);
        CPPUNIT_ASSERT_EQUAL(row.expected, findings.empty() ? phone.checked.value : findings);
        CPPUNIT_ASSERT(row.region == phone.region);
    }

    void whatItWritesItReadsTheSame()
    {
        for (const Row& row : phones()) {
            const Phone phone = checkPhone(row.text, row.home);
            if (phone.checked.isAcceptable()) {
                const Phone again = checkPhone(phone.checked.value, Other);
                CPPUNIT_ASSERT_EQUAL(phone.checked.value, again.checked.value);
                CPPUNIT_ASSERT(again.checked.isAcceptable() && phone.region == again.region);
            }
        }
    }

    void onlyTheMainlandGetsTextMessages()
    {
        CPPUNIT_ASSERT(isMainlandPhone("+8613800000000"));
        CPPUNIT_ASSERT(!isMainlandPhone("+85290000000"));
        CPPUNIT_ASSERT(!isMainlandPhone("+886900000000"));
        CPPUNIT_ASSERT(!isMainlandPhone(""));
    }
};

HUB_TEST_SUITE_REGISTRATION(PhoneTest, "phone");

} // namespace
