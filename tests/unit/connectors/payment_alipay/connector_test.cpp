// Goal: the money rule: once a request may have left, only a genuine answer decides; before,
// nothing is ever unknown. Method: the shipped library under the SDK's fakes, one table for all
// operations.

#include "fixture.hpp"
#include "support/suite.hpp"

#include <functional>
#include <string>

namespace {

using namespace alipay_test;
using hub::Answer;

std::string statusMessage(const std::string& operation, const std::string& name)
{
    return operation + ": " + name;
}

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(withoutAGenuineAnswerTheOutcomeIsUnknown);
    CPPUNIT_TEST(whatNeverLeftIsNotUnknown);
    CPPUNIT_TEST(requestsThatCannotBeSaidAreRefusedUnsent);
    CPPUNIT_TEST(missingKeysAndExtensionsSendNothing);
    CPPUNIT_TEST(strangeDeliveriesAreRefused);
    CPPUNIT_TEST(badConfigurationIsRefusedBySentence);
    CPPUNIT_TEST(nothingIsLogged);
    CPPUNIT_TEST_SUITE_END();

public:
    void withoutAGenuineAnswerTheOutcomeIsUnknown()
    {
        for (const auto& [operation, request] : requests()) {
            const std::string name = nodeNames().at(operation);
            const std::string node =
                R"({"code":"40004","msg":"Business Failed","sub_code":"ACQ.INVALID_PARAMETER"})";
            const std::string good = R"({"code":"10000","msg":"Success","fund_change":"Y"})";
            const auto unsignedBody = [&](const std::string& text) {
                return "{\"" + name + "\":" + text + "}";
            };
            const auto forged = [&](const std::string& text) {
                return "{\"" + name + "\":" + text + ",\"sign\":\"" + providerSignature("other") +
                       "\"}";
            };
            std::string tampered = signedBody(name, node);
            tampered.replace(tampered.find("Business"), 1, "b");
            struct Row {
                std::string name;
                std::uint32_t http_status;
                std::string body;
            };
            const Row rows[] = {
                {"server error", 500, signedBody(name, node)},
                {"bad gateway", 502, "<html></html>"},
                {"redirect", 302, ""},
                {"refused by a proxy", 403, signedBody(name, node)},
                {"empty", 200, ""},
                {"garbage", 200, "\x01\x02{{{"},
                {"cut", 200, signedBody(name, node).substr(0, 60)},
                {"unsigned refusal", 200, unsignedBody(node)},
                {"unsigned success", 200, unsignedBody(good)},
                {"forged refusal", 200, forged(node)},
                {"forged success", 200, forged(good)},
                {"tampered", 200, tampered},
                {"other method's node", 200, signedBody("alipay_trade_pay_response", node)},
                {"unsigned error_response", 200, R"({"error_response":{"code":"40002"}})"},
                {"error_response that succeeds", 200, signedBody("error_response", good)},
                {"no code", 200, signedBody(name, R"({"msg":"Success"})")},
                {"numeric code", 200, signedBody(name, R"({"code":10000})")},
                {"node that is no JSON", 200, signedBody(name, "{code}")},
                {"provider's system error",
                 200,
                 signedBody(name, R"({"code":"40004","sub_code":"ACQ.SYSTEM_ERROR"})")},
                {"service unavailable",
                 200,
                 signedBody(name, R"({"code":"20000","sub_code":"isp.unknow-error"})")},
                {"other number",
                 200,
                 signedBody(name,
                            R"({"code":"10000","out_trade_no":"9900000120261121104000000001"})")},
            };
            for (const Row& row : rows) {
                Connector connector;
                connector.http().answer(row.http_status, row.body);

                const Answer answer =
                    connector.call(std::string{kAccount}, operation, request.dump());

                CPPUNIT_ASSERT_EQUAL_MESSAGE(statusMessage(operation, row.name) + " " +
                                                 answer.message,
                                             hub_status{HUB_OUTCOME_UNKNOWN},
                                             answer.status);
                CPPUNIT_ASSERT_MESSAGE(row.name,
                                       !answer.message.empty() || !answer.payload.empty());
                CPPUNIT_ASSERT(connector.http().failures().empty());
            }
            Connector connector;
            connector.http().unknown();
            CPPUNIT_ASSERT_EQUAL(
                hub_status{HUB_OUTCOME_UNKNOWN},
                connector.call(std::string{kAccount}, operation, request.dump()).status);
        }
    }

    void whatNeverLeftIsNotUnknown()
    {
        for (const auto& [operation, request] : requests()) {
            Connector connector;
            connector.http().notSent();
            connector.http().refused();

            const Answer unsent = connector.call(std::string{kAccount}, operation, request.dump());
            const Answer refused = connector.call(std::string{kAccount}, operation, request.dump());

            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, unsent.status);
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_INTERNAL}, refused.status);
        }
    }

    void requestsThatCannotBeSaidAreRefusedUnsent()
    {
        struct Row {
            const char* operation;
            const char* member;
            Json value;
            hub_status expected;
        };
        const Row rows[] = {
            {"create", "amount_minor", 0, HUB_BAD_REQUEST},
            {"create", "amount_minor", -1, HUB_BAD_REQUEST},
            {"create", "amount_minor", 10'000'000'001, HUB_BAD_REQUEST},
            {"create", "amount_minor", 1.5, HUB_BAD_REQUEST},
            {"create", "amount_minor", "200", HUB_BAD_REQUEST},
            {"create", "currency", "USD", HUB_BAD_REQUEST},
            {"create", "number", "", HUB_BAD_REQUEST},
            {"create", "number", "A-1", HUB_BAD_REQUEST},
            {"create", "number", std::string(65, '1'), HUB_BAD_REQUEST},
            {"create", "subject", " /=& ", HUB_BAD_REQUEST},
            {"create", "subject", std::string(257, 'a'), HUB_BAD_REQUEST},
            {"create", "expires_at_ms", 0, HUB_BAD_REQUEST},
            {"create", "product", "jsapi", HUB_UNSUPPORTED},
            {"query", "number", 7, HUB_BAD_REQUEST},
            {"refund", "refund_number", "", HUB_BAD_REQUEST},
            {"refund", "amount_minor", 0, HUB_BAD_REQUEST},
            {"refund", "currency", "", HUB_BAD_REQUEST},
            {"refund_query", "refund_number", nullptr, HUB_BAD_REQUEST},
        };
        for (const Row& row : rows) {
            Connector connector;
            Json request = requests().at(row.operation);
            request[row.member] = row.value;

            const Answer answer =
                connector.call(std::string{kAccount}, row.operation, request.dump());

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.member, row.expected, answer.status);
            CPPUNIT_ASSERT(connector.http().requests().empty());
        }
    }

    void missingKeysAndExtensionsSendNothing()
    {
        for (const char* extension : {HUB_EXT_KEYS_1, HUB_EXT_HTTP_1}) {
            Connector connector;
            connector.withhold(extension);

            const Answer answer =
                connector.call(std::string{kAccount}, "create", requests().at("create").dump());

            CPPUNIT_ASSERT_EQUAL_MESSAGE(extension, hub_status{HUB_INTERNAL}, answer.status);
            CPPUNIT_ASSERT(connector.http().requests().empty());
        }
    }

    void strangeDeliveriesAreRefused()
    {
        Connector connector;
        hub::testing::Delivery other;
        other.type = "invoice";
        other.account = kAccount;
        other.operation = "create";

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNSUPPORTED}, connector.deliver(other).status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNSUPPORTED},
                             connector.call(std::string{kAccount}, "bill", "{}").status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_INTERNAL},
                             connector.call("nobody", "query", "{}").status);
        for (const char* payload : {"", "[]", "{", "7"}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST},
                                 connector.call(std::string{kAccount}, "query", payload).status);
        }
        CPPUNIT_ASSERT(connector.http().requests().empty());
    }

    void badConfigurationIsRefusedBySentence()
    {
        struct Row {
            const char* pointer;
            Json value;
            const char* named;
        };
        const Row rows[] = {
            {"/config/app_id", "", "app_id"},
            {"/config/app_id", 5, "app_id"},
            {"/config/seller_id", "20-88", "seller_id"},
            {"/config/gateway_url", "http://openapi.alipay.com/gateway.do", "gateway_url"},
            {"/config/gateway_url", "https://openapi.alipay.com/gateway.do?a=b", "gateway_url"},
            {"/config/charset", "gbk", "charset"},
            {"/config/timezone", "Europe/Berlin", "timezone"},
            {"/config/http_timeout_ms", 0, "http_timeout_ms"},
            {"/config/qr_timeout_minutes", 121, "qr_timeout_minutes"},
            {"/callback_url", "https://hub.example.com/" + std::string(256, 'a'), "callback_url"},
        };
        for (const Row& row : rows) {
            Json create = Json::parse(createJson());
            create["accounts"][std::string{kAccount}][Json::json_pointer(row.pointer)] = row.value;
            try {
                const Connector connector(create.dump());
                CPPUNIT_FAIL(std::string(row.pointer) + " was taken");
            } catch (const std::runtime_error& problem) {
                const std::string text = problem.what();
                CPPUNIT_ASSERT_MESSAGE(text, text.find(row.named) != std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(text, text.find(kAccount) != std::string::npos);
            }
        }
        CPPUNIT_ASSERT_THROW(Connector("nonsense"), std::runtime_error);
    }

    void nothingIsLogged()
    {
        Connector connector;
        connector.http().answer(200, "garbage");

        connector.call(std::string{kAccount}, "create", requests().at("create").dump());

        CPPUNIT_ASSERT(connector.logs().empty());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");
