// Goal: no secret and no personal datum survives masking, ordinary text does, and a record is
// one line. Method: tables of canaries in every position, hostile bytes, megabytes.

#include "observe/mask.hpp"
#include "support/suite.hpp"

#include <ctime>
#include <string>
#include <vector>

namespace {

using hub::observe::maskMiddle;
using hub::observe::maskText;
using hub::observe::oneLine;

class MaskTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MaskTest);
    CPPUNIT_TEST(keepsBothEndsOfAnIdentifier);
    CPPUNIT_TEST(masksSecretsAndPersonalData);
    CPPUNIT_TEST(leavesOrdinaryTextAlone);
    CPPUNIT_TEST(masksCanariesInEveryPosition);
    CPPUNIT_TEST(makesOneLineOfHostileText);
    CPPUNIT_TEST(cutsAtACharacterAndSaysSo);
    CPPUNIT_TEST(staysLinearOverMegabytes);
    CPPUNIT_TEST_SUITE_END();

public:
    void keepsBothEndsOfAnIdentifier()
    {
        struct Row {
            std::string text;
            std::string expected;
        };
        for (const Row& row : std::vector<Row>{{"440101199001010860", "440*****860"},
                                               {"123456789", "123*****789"},
                                               {"12345678", "*****"},
                                               {"", ""},
                                               {"一二三四五六七八九", "一二三*****七八九"}}) {
            CPPUNIT_ASSERT_EQUAL(row.expected, maskMiddle(row.text));
        }
    }

    void masksSecretsAndPersonalData()
    {
        struct Row {
            std::string text;
            std::string expected;
        };
        const std::vector<Row> rows = {
            {"call 13900001234 now", "call 139*****1234 now"},
            {"+8613900001234", "+861*****1234"},
            {"139-0000-1234.", "139*****1234."},
            {"tel:+14155550100", "tel:+141*****0100"},
            {"id 11010519491231002X", "id 110*****02X"},
            {"card 4111111111111111", "card 411*****111"},
            {"to someone@example.com", "to ***@example.com"},
            {"key ehk_a1_s3cr3tValue", "key ehk_a1_***"},
            {"Authorization: Bearer abc.def-123", "Authorization: Bearer ***"},
            {"sent Bearer abc.def-123", "sent Bearer ***"},
            {R"({"password":"a\"b","x":1})", R"({"password":"***","x":1})"},
            {R"({\"app_secret\":\"abc\",\"x\":1})", R"({\"app_secret\":\"***\",\"x\":1})"},
            {"a=1&sign=Ab%2B&b=2", "a=1&sign=***&b=2"},
            {"https://h/callback/demo/acc/Tok3n?x=1", "https://h/callback/demo/acc/***?x=1"},
            {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY----- x",
             "-----BEGIN PRIVATE KEY-----*** x"},
            {"-----BEGIN RSA PRIVATE KEY-----\nAAAA cut", "-----BEGIN RSA PRIVATE KEY-----***"}};
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL(row.expected, maskText(row.text));
        }
    }

    void leavesOrdinaryTextAlone()
    {
        for (const std::string text : {"payment 0190f5fe-7c00-7a00-8a00-139000012345 is paid",
                                       "number 1000100120261121235959000001 at 1795305599123",
                                       "amount_minor=10000 CNY",
                                       "Basic rules apply; bearer of news",
                                       "trace 4bf92f3577b34da6a3ce929d0e0e4736",
                                       "发票 a@b",
                                       "token"}) {
            CPPUNIT_ASSERT_EQUAL(text, maskText(text));
        }
    }

    void masksCanariesInEveryPosition()
    {
        const std::vector<std::string> canaries = {
            "13900001234", "ehk_k1_CANARY", "password=CANARY", "CANARY@example.com"};
        const std::vector<std::string> around = {
            "", " ", "\r\n", "\x1b[31m", "é", "，", "\"", "{", "\xff", "="};
        for (const std::string& canary : canaries) {
            for (const std::string& before : around) {
                for (const std::string& after : around) {
                    const std::string masked = oneLine(maskText(before + canary + after), 1000);

                    CPPUNIT_ASSERT_MESSAGE(masked, masked.find("CANARY") == std::string::npos);
                    CPPUNIT_ASSERT_MESSAGE(masked, masked.find("00001234") == std::string::npos);
                }
            }
        }
    }

    void makesOneLineOfHostileText()
    {
        CPPUNIT_ASSERT_EQUAL(std::string(R"(a\x0d\x0ab\x1b[2Jc\x00d\x7f)"),
                             oneLine(std::string("a\r\nb\x1b[2Jc\0d\x7f", 12), 100));
        CPPUNIT_ASSERT_EQUAL(std::string(R"(\xc2\x9b|\xe2\x80\xa8|\xe2\x80\xae)"),
                             oneLine("\xC2\x9B|\xE2\x80\xA8|\xE2\x80\xAE", 100));
        CPPUNIT_ASSERT_EQUAL(std::string(R"(\xff\xc0\x80\xed\xa0\x80)"),
                             oneLine("\xFF\xC0\x80\xED\xA0\x80", 100));
        CPPUNIT_ASSERT_EQUAL(std::string("发票 é 😀"), oneLine("发票 é 😀", 100));
    }

    void cutsAtACharacterAndSaysSo()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("发… (6 bytes)"), oneLine("发票", 5));
        CPPUNIT_ASSERT_EQUAL(std::string("发票"), oneLine("发票", 6));
    }

    void staysLinearOverMegabytes()
    {
        // Processor time: what others do on the machine must not decide. Squares would take hours.
        const std::clock_t started = std::clock();
        for (const std::string piece :
             {"a", "1", "a.", "=", "-----BEGIN ", "password=", "\\", "\xff", "@a"}) {
            std::string text;
            while (text.size() < 2 * 1024 * 1024) {
                text += piece;
            }

            CPPUNIT_ASSERT(oneLine(maskText(text), 8192).size() < 9000);
        }

        CPPUNIT_ASSERT((std::clock() - started) / CLOCKS_PER_SEC < 60);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MaskTest, "mask");
