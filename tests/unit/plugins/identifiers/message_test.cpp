// Goal: every finding has a sentence in both languages that names the place and gives nothing away.
// Method: all codes, some sentences word by word, and real findings of numbers that must not show
// up.

#include "identifiers/message.hpp"
#include "identifiers/social_credit_code.hpp"
#include "samples.hpp"
#include "support/suite.hpp"

#include <set>

namespace {

using namespace identifiers;       // NOLINT(google-build-using-namespace): the subject of this file
using namespace identifiers::test; // NOLINT(google-build-using-namespace): its samples
using enum Language;

std::vector<Code> allCodes()
{
    std::vector<Code> codes;
    for (int i = 0; i <= static_cast<int>(kLastCode); ++i) {
        codes.push_back(static_cast<Code>(i));
    }
    return codes;
}

class MessageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageTest);
    CPPUNIT_TEST(everyCodeHasItsOwnNameAndSentences);
    CPPUNIT_TEST(namesTheCharacter);
    CPPUNIT_TEST(namesLengthAndLine);
    CPPUNIT_TEST(namesTheDoubts);
    CPPUNIT_TEST(aPasswordsPlaceHasNoQuotation);
    CPPUNIT_TEST(whatIsQuotedIsNoTemplate);
    CPPUNIT_TEST(noMessageHoldsTheNumber);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCodeHasItsOwnNameAndSentences()
    {
        std::set<std::string> texts;
        for (const Code code : allCodes()) {
            const Finding finding{.code = code, .position = 7};
            for (const std::string& text : {std::string(toText(code)),
                                            messageOf(finding, Chinese),
                                            messageOf(finding, English)}) {
                CPPUNIT_ASSERT(!text.empty());
                CPPUNIT_ASSERT_MESSAGE(text, text.find('{') == std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(text, texts.insert(text).second);
            }
        }
    }

    void namesTheCharacter()
    {
        const Finding finding = checkSocialCreditCode("91310000MAXHUB0I4C").findings.at(0);

        CPPUNIT_ASSERT_EQUAL(std::string("第16位的字符不符合要求：“I”，是否应为“1”"),
                             messageOf(finding, Chinese));
        CPPUNIT_ASSERT_EQUAL(
            std::string("Character 16 does not belong there: “I”, perhaps “1” was meant"),
            messageOf(finding, English));
    }

    void namesLengthAndLine()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("The length is wrong: 18 characters are needed, there are 17"),
            messageOf(checkSocialCreditCode("91310000MAXHUB014").findings.at(0), English));
        CPPUNIT_ASSERT_EQUAL(
            std::string("第2行：第22位的字符不符合要求"),
            messageOf({.code = Code::Character, .position = 22, .line = 2}, Chinese));
        CPPUNIT_ASSERT_EQUAL(std::string("长度不符"), messageOf({.code = Code::Length}, Chinese));
    }

    void namesTheDoubts()
    {
        const Findings findings = checkSocialCreditCode("91310000MXAHUB014C").findings;

        CPPUNIT_ASSERT_EQUAL(std::string("号码有误：第18位校验码不符；第10、11位可能颠倒"),
                             messageOf(findings.back(), Chinese));
        CPPUNIT_ASSERT_EQUAL(std::string("The number is mistyped: check character 18 does not fit; "
                                         "characters 10 and 11 may be swapped"),
                             messageOf(findings.back(), English));
        CPPUNIT_ASSERT_EQUAL(
            std::string("请核对卡号：第16位校验码不符；第3位可能有误"),
            messageOf(
                {.code = Code::CardCheck, .position = 16, .doubts = {{3, Doubt::Mistake::Misread}}},
                Chinese));
    }

    void aPasswordsPlaceHasNoQuotation()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("Character 5 does not belong there"),
                             messageOf({.code = Code::Character, .position = 5}, English));
    }

    void whatIsQuotedIsNoTemplate()
    {
        const Finding finding{.code = Code::Character, .position = 5, .actual = "{p}"};

        CPPUNIT_ASSERT_EQUAL(std::string("Character 5 does not belong there: “{p}”"),
                             messageOf(finding, English));
    }

    void noMessageHoldsTheNumber()
    {
        int findings = 0;
        for (int serial = 0; serial < 50; ++serial) {
            std::string code = makeSocialCreditCode(serial);
            std::swap(code[9], code[10]);
            code[17] = code[17] == '1' ? '2' : '1';
            for (const Finding& finding : checkSocialCreditCode(code).findings) {
                assertHides(messageOf(finding, Chinese), code);
                assertHides(messageOf(finding, English), code);
                ++findings;
            }
        }
        CPPUNIT_ASSERT(findings >= 50);
    }

private:
    /// Not four characters in a row.
    static void assertHides(const std::string& text, const std::string& number)
    {
        for (std::size_t i = 0; i + 4 <= number.size(); ++i) {
            CPPUNIT_ASSERT_MESSAGE(text, text.find(number.substr(i, 4)) == std::string::npos);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(MessageTest, "message");

} // namespace
