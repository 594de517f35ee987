// Goal: the three ways in which fields travel give back what was put in, and what has two readings
// is refused. Method: tables of texts.

#include "support/suite.hpp"
#include "unionpay_acp/beijing_time.hpp"
#include "unionpay_acp/fields.hpp"
#include "unionpay_acp/signing.hpp"
#include "unionpay_acp/text.hpp"

namespace {

using unionpay::Fields;

class FieldsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FieldsTest);
    CPPUNIT_TEST(rawAnswersAreCutOutsideOfGroups);
    CPPUNIT_TEST(brokenRawAnswersAreRefused);
    CPPUNIT_TEST(formsGoThereAndBack);
    CPPUNIT_TEST(brokenFormsAreRefused);
    CPPUNIT_TEST(signTextIsSortedAndWithoutSignature);
    CPPUNIT_TEST(everyMethodSignsTheSameText);
    CPPUNIT_TEST(valuesThatHideFieldsHaveTwoReadings);
    CPPUNIT_TEST(base64IsStrict);
    CPPUNIT_TEST(gbkIsRead);
    CPPUNIT_TEST(timesAreOfBeijing);
    CPPUNIT_TEST(timesWithoutTheirYearAreOfThePast);
    CPPUNIT_TEST_SUITE_END();

public:
    void rawAnswersAreCutOutsideOfGroups()
    {
        const struct {
            std::string raw;
            Fields fields;
        } rows[] = {
            {"", {}},
            {"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
            {"a=&b=", {{"a", ""}, {"b", ""}}},
            {"a=x+y/z==&b=2", {{"a", "x+y/z=="}, {"b", "2"}}},
            {"a={k=1&l=2}&b=2", {{"a", "{k=1&l=2}"}, {"b", "2"}}},
            {"a=[k=1&l=2]&b=2", {{"a", "[k=1&l=2]"}, {"b", "2"}}},
            {"a={k={m=1&n=2}&l=[&]}&b=2", {{"a", "{k={m=1&n=2}&l=[&]}"}, {"b", "2"}}},
            {"a=成功[0000000]&b=2", {{"a", "成功[0000000]"}, {"b", "2"}}},
            {"a=1}&b=]2", {{"a", "1}"}, {"b", "]2"}}},
            {"a=x\r\ny\r\n&b=2", {{"a", "x\r\ny\r\n"}, {"b", "2"}}},
            {"a=%2B&b=2", {{"a", "%2B"}, {"b", "2"}}},
        };
        for (const auto& row : rows) {
            const auto fields = unionpay::fromRaw(row.raw);
            CPPUNIT_ASSERT_MESSAGE(row.raw, fields.ok());
            CPPUNIT_ASSERT_MESSAGE(row.raw, fields.value() == row.fields);
        }
    }

    void brokenRawAnswersAreRefused()
    {
        for (const char* raw : {"a",
                                "a=1&b",
                                "a&b=1",
                                "=1",
                                "a=1&=2",
                                "a=1&&b=2",
                                "a=1&a=2",
                                "a={k=1&b=2",
                                "a=[k=1}&b=2",
                                "a=\xff&b=2",
                                "<html>"}) {
            CPPUNIT_ASSERT_MESSAGE(raw, !unionpay::fromRaw(raw).ok());
        }
    }

    void formsGoThereAndBack()
    {
        const Fields fields{{"a", "{k=1&l=2} +/="}, {"b", "成功\r\n"}, {"c", ""}};

        const std::string form = unionpay::toForm(fields);

        CPPUNIT_ASSERT_EQUAL(
            std::string{"a=%7Bk%3D1%26l%3D2%7D+%2B%2F%3D&b=%E6%88%90%E5%8A%9F%0D%0A&c="}, form);
        CPPUNIT_ASSERT(unionpay::fromForm(form).value() == fields);
    }

    void brokenFormsAreRefused()
    {
        for (const char* form : {"a=%", "a=%2", "a=%zz", "a=1&a=2", "a=%ff", "=1"}) {
            CPPUNIT_ASSERT_MESSAGE(form, !unionpay::fromForm(form).ok());
        }
    }

    void signTextIsSortedAndWithoutSignature()
    {
        const Fields fields{{"b", " 2 "}, {"signature", "x"}, {"B", "1"}, {"c", "  "}, {"a", ""}};

        CPPUNIT_ASSERT_EQUAL(std::string{"B=1&b=2"}, unionpay::signText(unionpay::trimmed(fields)));
        CPPUNIT_ASSERT_EQUAL(std::string{"B=1&a=&b= 2 &c=  "}, unionpay::signText(fields));
    }

    void everyMethodSignsTheSameText()
    {
        // By the openssl command line; the shared key is "k".
        const Fields fields{{"b", "2"}, {"a", "1"}, {"signature", "x"}};

        CPPUNIT_ASSERT_EQUAL(
            std::string{"8e85be58c1c372ac29fe7bfa80d8ddcbd04a4032c7b51c1c026d67c55b1ab23f"},
            unionpay::rsaSignText(fields));
        CPPUNIT_ASSERT_EQUAL(std::string{"d53cf64e768f4ef09c806bbe12258c78211b2690"},
                             unionpay::rsaSignText(fields, unionpay::Version::V5_0_0));
        CPPUNIT_ASSERT_EQUAL(
            std::string{"5c09f561c1c335968a9c96a4b926c15d5d71a5396d4aa066cca835067f3daa41"},
            unionpay::keyedSignature(fields, unionpay::KeyedMethod::Sha256, "k"));
        CPPUNIT_ASSERT_EQUAL(
            std::string{"1424f033e454288204d70c280d0a8da93eacab16dde26cec59babc7cc724bc6e"},
            unionpay::keyedSignature(fields, unionpay::KeyedMethod::Sm3, "k"));
    }

    void valuesThatHideFieldsHaveTwoReadings()
    {
        CPPUNIT_ASSERT(unionpay::hasOneReading({{"b", "{k=1&l=2}"}, {"a", "1"}}));
        CPPUNIT_ASSERT(unionpay::hasOneReading({{"a", "x=y"}, {"signature", "&z=1"}}));
        CPPUNIT_ASSERT(!unionpay::hasOneReading({{"a", "1&txnAmt=1"}}));
        CPPUNIT_ASSERT(!unionpay::hasOneReading({{"a", "["}, {"b", "]"}}));
        CPPUNIT_ASSERT(!unionpay::hasOneReading({{"a", "1"}, {"a=1&b", "1"}}));
    }

    void base64IsStrict()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"\xfb\xff"}, unionpay::fromBase64("+/8=").value());
        CPPUNIT_ASSERT_EQUAL(std::string{}, unionpay::fromBase64("").value());
        for (const char* text : {" /8=", "+/8", "+/9=", "+/8=\n", "====", "-_8=", "a==="}) {
            CPPUNIT_ASSERT_MESSAGE(text, !unionpay::fromBase64(text).ok());
        }
        CPPUNIT_ASSERT_EQUAL(std::string{"00ff"}, unionpay::toHex(std::string{"\0\xff", 2}));
    }

    void gbkIsRead()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"银联A"},
                             unionpay::fromGbk("\xd2\xf8\xc1\xaa"
                                               "A")
                                 .value());
        CPPUNIT_ASSERT(!unionpay::fromGbk("\xd2").ok());
        CPPUNIT_ASSERT(unionpay::isUtf8("银联"));
        CPPUNIT_ASSERT(!unionpay::isUtf8("\xc0\x80"));
        CPPUNIT_ASSERT(!unionpay::isUtf8("\xed\xa0\x80"));
    }

    void timesAreOfBeijing()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"20261121104000"},
                             unionpay::toBeijingTime(1795228800000).value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1795228800000},
                             unionpay::parseBeijingTime("20261121104000").value());
        for (const char* text :
             {"", "2026112110400", "20260230000000", "20261121240000", "2026112110400x"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !unionpay::parseBeijingTime(text).ok());
        }
        CPPUNIT_ASSERT(!unionpay::toBeijingTime(-1).ok());
        CPPUNIT_ASSERT(!unionpay::toBeijingTime(INT64_MAX).ok());
    }

    void timesWithoutTheirYearAreOfThePast()
    {
        const std::int64_t january = unionpay::parseBeijingTime("20270101120000").value();
        CPPUNIT_ASSERT_EQUAL(unionpay::parseBeijingTime("20261231235959").value(),
                             unionpay::parseBeijingTimeBefore("1231235959", january).value());
        CPPUNIT_ASSERT_EQUAL(unionpay::parseBeijingTime("20270101000000").value(),
                             unionpay::parseBeijingTimeBefore("0101000000", january).value());
        CPPUNIT_ASSERT(!unionpay::parseBeijingTimeBefore("0230000000", january).ok());
        CPPUNIT_ASSERT(!unionpay::parseBeijingTimeBefore("", january).ok());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(FieldsTest, "fields");
