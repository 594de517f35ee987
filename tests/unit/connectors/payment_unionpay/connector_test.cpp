// Goal: the money rule: once a request may have left, only a genuine answer decides; before,
// nothing is ever unknown. Method: the shipped library, one table for all operations.

#include "fixture.hpp"
#include "payment_unionpay/outcome_table.hpp"
#include "support/suite.hpp"

namespace {

using namespace unionpay_test;
using hub::Answer;

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(withoutAGenuineAnswerTheOutcomeIsUnknown);
    CPPUNIT_TEST(whatNeverLeftIsNotUnknown);
    CPPUNIT_TEST(requestsThatCannotBeSaidAreRefusedUnsent);
    CPPUNIT_TEST(aRepetitionIsTheSameMessage);
    CPPUNIT_TEST(badConfigurationIsRefusedBySentence);
    CPPUNIT_TEST(everyQuestionHasARowForEveryMeaning);
    CPPUNIT_TEST_SUITE_END();

public:
    void withoutAGenuineAnswerTheOutcomeIsUnknown()
    {
        for (const auto& [operation, request] : requests()) {
            const auto genuine = [&](const Fields& changes) {
                return toRaw(signedBy(Authority::shared().leaf, answerTo(operation, changes)));
            };
            const std::string good = genuine({});
            std::string tampered = good;
            tampered.replace(tampered.find("txnAmt="), 8, "txnAmt=9");
            const Party stranger({kOwnerName, 5});
            const struct {
                const char* name;
                std::uint32_t http_status;
                std::string body;
            } rows[] = {
                {"server error", 500, good},
                {"redirect", 302, good},
                {"empty", 200, ""},
                {"a page", 200, "<html></html>"},
                {"cut", 200, good.substr(0, 80)},
                {"unsigned", 200, toRaw(answerTo(operation))},
                {"unsigned refusal", 200, toRaw(answerTo(operation, {{"respCode", "30"}}))},
                {"forged", 200, toRaw(signedBy(stranger, answerTo(operation)))},
                {"tampered", 200, tampered},
                {"another order", 200, genuine({{"orderId", "99000001202611211040"}})},
                {"another time", 200, genuine({{"txnTime", "20261121104001"}})},
                {"another merchant", 200, genuine({{"merId", "777290058110097"}})},
                {"no code", 200, genuine({{"respCode", ""}})},
                {"undocumented code", 200, genuine({{"respCode", "Z9"}})},
                {"general error", 200, genuine({{"respCode", "99"}})},
                {"status unclear", 200, genuine({{"respCode", "04"}})},
                {"duplicate", 200, genuine({{"respCode", "12"}})},
                {"debited", 200, genuine({{"respCode", "74"}})},
            };
            for (const auto& row : rows) {
                Shop shop;
                shop.answerRaw(row.body, row.http_status);

                const Answer answer = shop.call(operation, request);

                CPPUNIT_ASSERT_EQUAL_MESSAGE(operation + ": " + row.name + " " + answer.message,
                                             hub_status{HUB_OUTCOME_UNKNOWN},
                                             answer.status);
                CPPUNIT_ASSERT(!answer.message.empty());
            }
            Shop shop;
            shop.answerRaw(good + "\r\n");
            CPPUNIT_ASSERT_MESSAGE(operation,
                                   shop.call(operation, request).status != HUB_OUTCOME_UNKNOWN);
        }
    }

    void whatNeverLeftIsNotUnknown()
    {
        for (const auto& [operation, request] : requests()) {
            const std::pair<hub_status, hub_status> rows[] = {
                {HUB_UNAVAILABLE, HUB_UNAVAILABLE},
                {HUB_REJECTED, HUB_INTERNAL},
                {HUB_OUTCOME_UNKNOWN, HUB_OUTCOME_UNKNOWN}};
            for (const auto& [given, expected] : rows) {
                Shop shop;
                shop.desk.exchange = [status = given](const hub::HttpRequest&) {
                    return hub::Result<hub::HttpResponse>{hub::Error{status, "no"}};
                };
                CPPUNIT_ASSERT_EQUAL(expected, shop.call(operation, request).status);
            }
            // A key without its certificate gives no certId.
            Shop shop;
            shop.desk.addKey("signing_key", Authority::shared().leaf.keyPem());
            const Answer answer = shop.call(operation, request);
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_INTERNAL}, answer.status);
            CPPUNIT_ASSERT(answer.message.find("certificate") != std::string::npos);
            CPPUNIT_ASSERT(shop.desk.requests.empty());
        }
    }

    void requestsThatCannotBeSaidAreRefusedUnsent()
    {
        const Json create = requests().at("create");
        const Json refund = requests().at("refund");
        const struct {
            std::string operation;
            Json request;
            hub_status status;
        } rows[] = {
            {"create",
             Json(create).patch({{{"op", "remove"}, {"path", "/created_at_ms"}}}),
             HUB_BAD_REQUEST},
            {"create",
             Json(create).patch({{{"op", "replace"}, {"path", "/currency"}, {"value", "USD"}}}),
             HUB_BAD_REQUEST},
            {"create",
             Json(create).patch({{{"op", "replace"}, {"path", "/number"}, {"value", "1400-0001"}}}),
             HUB_BAD_REQUEST},
            {"create",
             Json(create).patch(
                 {{{"op", "replace"}, {"path", "/amount_minor"}, {"value", 1000000000000}}}),
             HUB_BAD_REQUEST},
            {"create",
             Json(create).patch({{{"op", "replace"}, {"path", "/product"}, {"value", "jsapi"}}}),
             HUB_UNSUPPORTED},
            {"create",
             Json(create).patch({{{"op", "replace"}, {"path", "/product"}, {"value", "page"}}}),
             HUB_BAD_REQUEST},
            {"refund",
             Json(refund).patch({{{"op", "remove"}, {"path", "/refund_created_at_ms"}}}),
             HUB_BAD_REQUEST},
            {"refund_query", with({{"refund_number", kRefundNumber}}), HUB_BAD_REQUEST},
            {"cancel", requests().at("close"), HUB_UNSUPPORTED},
            {"payer_identity", requests().at("close"), HUB_UNSUPPORTED},
            {"bill", {{"date", "2026-11-20"}, {"kind", "funds"}}, HUB_UNSUPPORTED},
            {"query", Json::array(), HUB_BAD_REQUEST},
        };
        for (const auto& row : rows) {
            Shop shop;
            const Answer answer = shop.call(row.operation, row.request);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.operation + " " + answer.message, row.status, answer.status);
            CPPUNIT_ASSERT(!answer.message.empty());
            CPPUNIT_ASSERT(shop.desk.requests.empty());
        }
    }

    void aRepetitionIsTheSameMessage()
    {
        for (const auto& [operation, request] : requests()) {
            Shop shop;
            shop.call(operation, request);
            shop.desk.now_ms += 3600000;
            shop.call(operation, request);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                operation, shop.desk.requests.at(0).body, shop.desk.requests.at(1).body);
        }
    }

    void badConfigurationIsRefusedBySentence()
    {
        const std::pair<const char*, Json> rows[] = {
            {"merchant_id", "12"},
            {"merchant_id", "77729005811004_"},
            {"gateway_url", "http://gateway.95516.com"},
            {"file_url", ""},
            {"middle_certificate", "no certificate"},
            {"root_certificate", ""},
            {"sandbox", "yes"},
            {"order_life_minutes", 0},
            {"refund_biz_type", "201"},
            {"timezone", "UTC"},
        };
        for (const auto& [key, value] : rows) {
            Json config = accountConfig();
            config[key] = value;
            try {
                const Shop shop(createJson(config));
                CPPUNIT_FAIL(std::string{key} + " was taken");
            } catch (const std::runtime_error& refusal) {
                CPPUNIT_ASSERT_MESSAGE(refusal.what(),
                                       std::string{refusal.what()}.find("\"" + std::string{key} +
                                                                        "\"") != std::string::npos);
            }
        }
    }

    void everyQuestionHasARowForEveryMeaning()
    {
        using payment_unionpay::Question;
        using unionpay::Meaning;
        for (int question = 0; question <= static_cast<int>(Question::RefundState); ++question) {
            for (int meaning = 0; meaning <= static_cast<int>(Meaning::Unknown); ++meaning) {
                const auto& rule = payment_unionpay::findOutcome(static_cast<Question>(question),
                                                                 static_cast<Meaning>(meaning));
                const bool is_success = rule.status == HUB_OK || rule.status == HUB_PENDING;
                CPPUNIT_ASSERT_EQUAL(is_success, !rule.word.empty());
                if (static_cast<Meaning>(meaning) == Meaning::Unknown) {
                    CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, rule.status);
                }
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{72}, payment_unionpay::outcomeRules().size());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");
