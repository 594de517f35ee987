// Goal: nothing forged takes effect. Method: genuine notices are changed byte by byte and cut
// anew; each result is refused, or reads exactly as the genuine one.

#include "fixture.hpp"
#include "payment_alipay/envelope.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

using namespace alipay_test;
using alipay::Parameters;
using hub::Answer;

Parameters genuineParameters()
{
    return {{"notify_time", "2026-11-21 10:41:00"},
            {"notify_type", "trade_status_sync"},
            {"notify_id", "n1"},
            {"app_id", "2021000000000001"},
            {"seller_id", "2088000000000001"},
            {"out_trade_no", std::string{kNumber}},
            {"trade_no", "2026112122001400000000000001"},
            {"trade_status", "TRADE_SUCCESS"},
            {"total_amount", "200.00"},
            {"receipt_amount", "200.00"},
            {"gmt_payment", "2026-11-21 10:40:59"},
            {"subject", "Badge fee 2026"},
            {"charset", "utf-8"},
            {"sign_type", "RSA2"}};
}

std::string signedForm(Parameters parameters)
{
    const std::string text = alipay::noticeSignText(parameters, alipay::SignType::Dropped);
    parameters.emplace_back("sign", providerSignature(text));
    return alipay::toForm(parameters);
}

void set(Parameters& parameters, const std::string& name, const std::string& value)
{
    for (auto& [key, old] : parameters) {
        if (key == name) {
            old = value;
            return;
        }
    }
    parameters.emplace_back(name, value);
}

class NoticeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoticeTest);
    CPPUNIT_TEST(noChangedByteTakesEffect);
    CPPUNIT_TEST(noOtherCutTakesEffect);
    CPPUNIT_TEST(genuineNoticesOfOthersAreRefused);
    CPPUNIT_TEST(malformedNoticesAreRefused);
    CPPUNIT_TEST(withoutAKeyTheProviderIsAskedToRepeat);
    CPPUNIT_TEST_SUITE_END();

public:
    void noChangedByteTakesEffect()
    {
        Connector connector;
        const std::string genuine = signedForm(genuineParameters());
        const std::string account{kAccount};
        const std::string expected = connector.callback(account, genuine).payload;
        CPPUNIT_ASSERT(Json::parse(expected).contains("reading"));

        for (std::size_t i = 0; i < genuine.size(); ++i) {
            for (const char replacement : {'1', '&', '=', '%', '+', 'a'}) {
                std::string changed = genuine;
                changed[i] = replacement;
                const Answer answer = connector.callback(account, changed);
                CPPUNIT_ASSERT_MESSAGE(changed,
                                       answer.status == HUB_REJECTED || answer.payload == expected);
            }
            std::string shorter = genuine;
            shorter.erase(i, 1);
            const Answer answer = connector.callback(account, shorter);
            CPPUNIT_ASSERT_MESSAGE(shorter,
                                   answer.status == HUB_REJECTED || answer.payload == expected);
        }
    }

    /// The signature covers "a=1&b=2" however it is cut into parameters.
    void noOtherCutTakesEffect()
    {
        Parameters parameters = genuineParameters();
        set(parameters, "refund_fee", "50.00");
        set(parameters, "gmt_refund", "2026-11-21 10:50:00");
        set(parameters, "trade_status", "TRADE_CLOSED");
        const std::string text = alipay::noticeSignText(parameters, alipay::SignType::Dropped);
        const std::string signature = providerSignature(text);
        Connector connector;

        std::size_t cuts = 0;
        for (auto at = text.find('&'); at != std::string::npos;
             at = text.find('&', at + 1), ++cuts) {
            // Joins the two parameters around this ampersand into one.
            Parameters joined;
            for (std::size_t from = 0; from <= text.size();) {
                auto end = text.find('&', from);
                end = end == at ? text.find('&', end + 1) : end;
                const std::string field = text.substr(from, end - from);
                joined.emplace_back(field.substr(0, field.find('=')),
                                    field.substr(field.find('=') + 1));
                from = end == std::string::npos ? text.size() + 1 : end + 1;
            }
            CPPUNIT_ASSERT_EQUAL(text, alipay::noticeSignText(joined, alipay::SignType::Dropped));
            joined.emplace_back("sign", signature);

            const Answer answer = connector.callback(std::string{kAccount}, alipay::toForm(joined));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                std::to_string(cuts), hub_status{HUB_REJECTED}, answer.status);
        }
        CPPUNIT_ASSERT(cuts > 10);
    }

    void genuineNoticesOfOthersAreRefused()
    {
        struct Row {
            const char* name;
            const char* value;
        };
        for (const Row& row : {Row{"app_id", "2021000000000002"},
                               Row{"app_id", ""},
                               Row{"seller_id", "2088000000000002"},
                               Row{"seller_id", ""},
                               Row{"out_trade_no", ""},
                               Row{"trade_status", "TRADE_PENDING"},
                               Row{"trade_status", ""},
                               Row{"total_amount", ""},
                               Row{"total_amount", "200.001"},
                               Row{"total_amount", "-200.00"},
                               Row{"refund_fee", "1e2"}}) {
            Connector connector;
            Parameters parameters = genuineParameters();
            set(parameters, row.name, row.value);

            const Answer answer = connector.callback(std::string{kAccount}, signedForm(parameters));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, hub_status{HUB_REJECTED}, answer.status);
            const Json payload = Json::parse(answer.payload);
            CPPUNIT_ASSERT_EQUAL(std::string("fail"), payload["nack"]["body"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(400, payload["nack"]["status"].get<int>());
            CPPUNIT_ASSERT(!payload.contains("reading") && !payload.contains("ack"));
        }
    }

    void malformedNoticesAreRefused()
    {
        const std::string genuine = signedForm(genuineParameters());
        Parameters old_algorithm = genuineParameters();
        set(old_algorithm, "sign_type", "RSA");
        Connector connector;
        const std::string account{kAccount};
        for (const std::string& body : {std::string{},
                                        std::string{"{}"},
                                        genuine + "&app_id=2021000000000001",
                                        genuine + "&x=%FF",
                                        genuine + "&x=%4",
                                        genuine + "&sign=",
                                        genuine + "&y=1",
                                        signedForm(old_algorithm),
                                        alipay::toForm(genuineParameters())}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                body, hub_status{HUB_REJECTED}, connector.callback(account, body).status);
        }
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED},
                             connector.callback(account, genuine, "GET").status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, connector.callback(account, genuine).status);
    }

    void withoutAKeyTheProviderIsAskedToRepeat()
    {
        Connector connector;
        connector.withhold(HUB_EXT_KEYS_1);

        const Answer answer =
            connector.callback(std::string{kAccount}, signedForm(genuineParameters()));

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, answer.status);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(NoticeTest, "notice");
