// Goal: amounts, durations and orders are read as Alipay's documents say.

#include "alipay/content.hpp"
#include "support/suite.hpp"

#include <optional>

namespace hub::simulator::alipay {

class ContentTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ContentTest);
    CPPUNIT_TEST(durationsAreWholeMinutesHoursOrDays);
    CPPUNIT_TEST(amountsAreTextWithAtMostTwoDecimals);
    CPPUNIT_TEST(orderOfMembersAndSpellingOfTheAmountDoNotMakeAnotherOrder);
    CPPUNIT_TEST(lengthsCountCharacters);
    CPPUNIT_TEST(everyMethodHasItsRules);
    CPPUNIT_TEST_SUITE_END();

public:
    void durationsAreWholeMinutesHoursOrDays()
    {
        struct Row {
            const char* text;
            std::optional<std::int64_t> minutes;
        };
        for (const Row& row : {Row{"1m", 1},
                               Row{"90m", 90},
                               Row{"2h", 120},
                               Row{"15d", 15 * 24 * 60},
                               Row{"0m", std::nullopt},
                               Row{"16d", std::nullopt},
                               Row{"1.5h", std::nullopt},
                               Row{"-1m", std::nullopt},
                               Row{"1", std::nullopt},
                               Row{"m", std::nullopt},
                               Row{"2c", std::nullopt},
                               Row{"99999999m", std::nullopt},
                               Row{"", std::nullopt}}) {
            const auto end_ms = parseTimeout(row.text, 1000);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.text, row.minutes.has_value(), end_ms.has_value());
            CPPUNIT_ASSERT(!end_ms || *end_ms == 1000 + *row.minutes * 60'000);
        }
        CPPUNIT_ASSERT(parseTimeout("1c", 1000));
    }

    void amountsAreTextWithAtMostTwoDecimals()
    {
        CPPUNIT_ASSERT(parseAmount("12.34") == 1234);
        CPPUNIT_ASSERT(parseAmount("12.3") == 1230);
        CPPUNIT_ASSERT(parseAmount("12") == 1200);
        CPPUNIT_ASSERT(parseAmount("100000000.00") == 10'000'000'000);
        for (const Json& bad :
             {Json("12.345"), Json("-1"), Json("1e2"), Json(""), Json(12.34), Json()}) {
            CPPUNIT_ASSERT_MESSAGE(bad.dump(), !parseAmount(bad));
        }
    }

    void orderOfMembersAndSpellingOfTheAmountDoNotMakeAnotherOrder()
    {
        const Json a{{"out_trade_no", "1"}, {"total_amount", "2.00"}, {"subject", "s"}};
        const Json b{{"subject", "s"}, {"total_amount", "2"}, {"out_trade_no", "1"}};
        const Json other{{"subject", "s"}, {"total_amount", "2.01"}, {"out_trade_no", "1"}};
        CPPUNIT_ASSERT_EQUAL(normalForm(a), normalForm(b));
        CPPUNIT_ASSERT(normalForm(a) != normalForm(other));
    }

    void lengthsCountCharacters()
    {
        std::string subject;
        for (int i = 0; i < 256; ++i) {
            subject += "牌";
        }
        Json content{{"out_trade_no", "1"}, {"total_amount", "2.00"}, {"subject", subject}};
        CPPUNIT_ASSERT(!judgeContent("alipay.trade.precreate", content));
        content["subject"] = subject + "牌";
        CPPUNIT_ASSERT(judgeContent("alipay.trade.precreate", content));
    }

    void everyMethodHasItsRules()
    {
        for (const char* method : {"alipay.trade.precreate",
                                   "alipay.trade.query",
                                   "alipay.trade.cancel",
                                   "alipay.trade.close",
                                   "alipay.trade.refund",
                                   "alipay.trade.fastpay.refund.query"}) {
            CPPUNIT_ASSERT(isKnownMethod(method));
            const auto objection = judgeContent(method, Json::object());
            CPPUNIT_ASSERT(objection);
            CPPUNIT_ASSERT_EQUAL(std::string("ACQ.INVALID_PARAMETER"), objection->sub_code);
            CPPUNIT_ASSERT_EQUAL(std::string("out_trade_no"), objection->member);
        }
        CPPUNIT_ASSERT(!isKnownMethod("alipay.trade.pay"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ContentTest, "content");

} // namespace hub::simulator::alipay
