// Goal: the forms that a payer's browser carries are complete, signed and never sent by us.
// Method: the shipped library; texts joined here by hand, signatures checked by openssl's command
// line, in key mode with the keys of the test data, in certificate mode with ones made here.

#include "command.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/desk.hpp"

#include <map>
#include <string>

namespace {

using namespace alipay_test;
using connector_test::Desk;
using hub::Answer;
using Fields = std::map<std::string, std::string>;

constexpr const char* kReturnUrl = "https://fair.example.com/pay/0123?lang=zh";

Json orderOf(const char* product)
{
    Json order = requests().at("create");
    order["product"] = product;
    order["return_url"] = kReturnUrl;
    return order;
}

std::string createWith(const Json& more)
{
    Json create = Json::parse(createJson());
    create["accounts"][std::string{kAccount}]["config"].update(more);
    return create.dump();
}

Answer ask(Connector& connector, const Json& order)
{
    return connector.call(std::string{kAccount}, "create", order.dump());
}

Fields fieldsOf(const Answer& answer)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    return Json::parse(answer.payload)["form"]["fields"].get<Fields>();
}

Json contentOf(const Fields& fields)
{
    return Json::parse(fields.at("biz_content"));
}

/// Sorted by std::map, joined as the documents say; without the signature.
std::string signedText(Fields fields)
{
    fields.erase("sign");
    std::string text;
    for (const auto& [name, value] : fields) {
        text += (text.empty() ? "" : "&") + name + "=" + value;
    }
    return text;
}

bool opensslVerifies(const std::filesystem::path& key,
                     const std::string& text,
                     const std::string& signature_base64)
{
    const Scratch scratch;
    scratch.write("text", text);
    scratch.write("signature", alipay::fromBase64(signature_base64).value());
    return scratch.run("(openssl dgst -sha256 -verify " + key.string() +
                       " -signature signature text || true)") == "Verified OK";
}

class FormTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FormTest);
    CPPUNIT_TEST(formsAreCompleteAndNothingIsSent);
    CPPUNIT_TEST(opensslVerifiesEveryForm);
    CPPUNIT_TEST(productCodesAreSettings);
    CPPUNIT_TEST(theEndIsBeijingTime);
    CPPUNIT_TEST(addressesAreOptionalWhereAlipaySaysSo);
    CPPUNIT_TEST(restAccountsUseTheSameForm);
    CPPUNIT_TEST(certificatesAreNamed);
    CPPUNIT_TEST(whatCannotBeSaidIsRefused);
    CPPUNIT_TEST(withoutKeysThereIsNoForm);
    CPPUNIT_TEST(theOtherOperationsServeTheseAttempts);
    CPPUNIT_TEST_SUITE_END();

public:
    void formsAreCompleteAndNothingIsSent()
    {
        for (const auto& [product, method] : {std::pair{"wap", "alipay.trade.wap.pay"},
                                              std::pair{"page", "alipay.trade.page.pay"}}) {
            Connector connector;
            connector.withhold(HUB_EXT_HTTP_1); // nothing may be exchanged, and nothing is

            const Answer answer = ask(connector, orderOf(product));

            Fields fields = fieldsOf(answer);
            const Json result = Json::parse(answer.payload);
            CPPUNIT_ASSERT_EQUAL(std::string{product}, result["product"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string{"2088000000000001"},
                                 result["merchant"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string{"POST"}, result["form"]["method"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(
                std::string{"https://openapi-sandbox.dl.alipaydev.com/gateway.do?charset=utf-8"},
                result["form"]["url"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::size_t{344}, fields.extract("sign").mapped().size());
            Json content = contentOf(fields);
            fields.erase("biz_content");
            CPPUNIT_ASSERT(
                (fields ==
                 Fields{{"app_id", "2021000000000001"},
                        {"method", method},
                        {"format", "JSON"},
                        {"charset", "utf-8"},
                        {"sign_type", "RSA2"},
                        {"timestamp", "2026-11-21 10:40:00"},
                        {"version", "1.0"},
                        {"notify_url",
                         "https://hub.example.com/callback/payment_alipay/alipay-test/token"},
                        {"return_url", kReturnUrl}}));
            const bool is_wap = std::string_view{product} == "wap";
            CPPUNIT_ASSERT_EQUAL(std::string{is_wap ? kReturnUrl : "none"},
                                 content.value("quit_url", "none"));
            content.erase("quit_url");
            CPPUNIT_ASSERT_EQUAL(
                (Json{{"out_trade_no", kNumber},
                      {"product_code", is_wap ? "QUICK_WAP_WAY" : "FAST_INSTANT_TRADE_PAY"},
                      {"seller_id", "2088000000000001"},
                      {"subject", "Badge fee 2026"},
                      {"time_expire", "2026-11-21 10:50:00"},
                      {"total_amount", "200.00"}})
                    .dump(),
                content.dump());
            CPPUNIT_ASSERT(connector.http().requests().empty());
        }
    }

    void opensslVerifiesEveryForm()
    {
        for (const char* product : {"wap", "page"}) {
            Connector connector;
            Json order = orderOf(product);
            order["subject"] = "展位费 <2026> & \"more\" + ‘x’";

            Fields fields = fieldsOf(ask(connector, order));

            CPPUNIT_ASSERT(
                opensslVerifies(keyPath("app_public"), signedText(fields), fields.at("sign")));
            for (const char* name : {"biz_content", "return_url", "notify_url", "timestamp"}) {
                Fields changed = fields;
                changed[name] += "1";
                CPPUNIT_ASSERT_MESSAGE(name,
                                       !opensslVerifies(keyPath("app_public"),
                                                        signedText(changed),
                                                        changed.at("sign")));
            }
        }
    }

    void productCodesAreSettings()
    {
        const Json codes{{"product_code", "QR_CODE_OFFLINE"},
                         {"wap_product_code", "QUICK_WAP_PAY"},
                         {"page_product_code", "INSTANT_TRADE"}};
        Connector connector(createWith(codes));
        CPPUNIT_ASSERT_EQUAL(
            std::string{"QUICK_WAP_PAY"},
            contentOf(fieldsOf(ask(connector, orderOf("wap"))))["product_code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string{"INSTANT_TRADE"},
                             contentOf(fieldsOf(ask(connector, orderOf("page"))))["product_code"]
                                 .get<std::string>());
        connector.http().answer(500, "");
        ask(connector, orderOf("qr"));
        const auto sent = alipay::fromForm(connector.http().requests().at(0).body);
        CPPUNIT_ASSERT_EQUAL(std::string{"QR_CODE_OFFLINE"},
                             Json::parse(alipay::valueOf(sent.value(), "biz_content"))
                                 .at("product_code")
                                 .get<std::string>());
    }

    void theEndIsBeijingTime()
    {
        struct Row {
            std::int64_t expires_at_ms;
            const char* expected;
        };
        for (const Row& row : {Row{1795229400000, "2026-11-21 10:50:00"},
                               Row{1795229400999, "2026-11-21 10:50:00"},
                               Row{1798732799000, "2026-12-31 23:59:59"},
                               Row{1798732800000, "2027-01-01 00:00:00"},
                               Row{1835366400000, "2028-02-29 00:00:00"}}) {
            Connector connector;
            Json order = orderOf("page");
            order["expires_at_ms"] = row.expires_at_ms;
            CPPUNIT_ASSERT_EQUAL(
                std::string{row.expected},
                contentOf(fieldsOf(ask(connector, order)))["time_expire"].get<std::string>());
        }
    }

    void addressesAreOptionalWhereAlipaySaysSo()
    {
        Json create = Json::parse(createJson());
        create["accounts"][std::string{kAccount}].erase("callback_url");
        Connector connector(create.dump());
        Json order = orderOf("page");
        order.erase("return_url");

        const Fields fields = fieldsOf(ask(connector, order));

        CPPUNIT_ASSERT(!fields.contains("return_url") && !fields.contains("notify_url"));
        CPPUNIT_ASSERT(
            opensslVerifies(keyPath("app_public"), signedText(fields), fields.at("sign")));
    }

    void restAccountsUseTheSameForm()
    {
        Connector gateway;
        Connector rest(createWith({{"api", "v3"}}));
        CPPUNIT_ASSERT_EQUAL(ask(gateway, orderOf("wap")).payload,
                             ask(rest, orderOf("wap")).payload);
    }

    void certificatesAreNamed()
    {
        const Scratch files;
        for (const std::string name : {"app", "provider"}) {
            files.run("openssl req -x509 -nodes -newkey rsa:2048 -sha256 -days 2 -keyout " + name +
                      ".key -out " + name + ".pem -subj '/C=CN/O=Sample/CN=" + name + "'");
        }
        files.run("openssl x509 -noout -pubkey -in app.pem -out app.pub");
        const auto number = [&files](const std::string& name) {
            const std::string x509 = "openssl x509 -noout -in " + name + ".pem ";
            return files.run("( " + x509 +
                             "-issuer -nameopt RFC2253 | sed 's/^issuer=//' | tr -d '\\n'; "
                             "python3 -c \"print(int('$(" +
                             x509 +
                             "-serial | cut -d= -f2)', 16), end='')\" ) | md5sum | cut -c1-32");
        };
        Desk desk;
        desk.addKey("app_key", files.read("app.key") + files.read("app.pem"));
        desk.addKey("provider_key", files.read("provider.pem"));
        desk.start(folder("HUB_BUILD_DIR") / "lib/payment_alipay/libpayment_alipay.so",
                   createWith({{"mode", "certificate"},
                               {"root_certificates", files.read("provider.pem")}}));

        const Fields fields = fieldsOf(desk.call(kAccount, "create", orderOf("wap").dump()));

        CPPUNIT_ASSERT_EQUAL(number("app"), fields.at("app_cert_sn"));
        CPPUNIT_ASSERT_EQUAL(number("provider"), fields.at("alipay_root_cert_sn"));
        CPPUNIT_ASSERT(
            opensslVerifies(files.folder() / "app.pub", signedText(fields), fields.at("sign")));
        CPPUNIT_ASSERT(desk.requests.empty());
    }

    void whatCannotBeSaidIsRefused()
    {
        struct Row {
            const char* product;
            const char* member;
            Json value;
            hub_status expected;
        };
        const Row rows[] = {
            {"wap", "amount_minor", 0, HUB_BAD_REQUEST},
            {"wap", "amount_minor", 10'000'000'001, HUB_BAD_REQUEST},
            {"wap", "currency", "USD", HUB_BAD_REQUEST},
            {"wap", "number", "A-1", HUB_BAD_REQUEST},
            {"wap", "subject", "/=&", HUB_BAD_REQUEST},
            {"wap", "expires_at_ms", 0, HUB_BAD_REQUEST},
            {"wap", "return_url", "", HUB_BAD_REQUEST},
            {"wap", "return_url", nullptr, HUB_BAD_REQUEST},
            {"page", "return_url", "fair.example.com", HUB_BAD_REQUEST},
            {"page", "return_url", "javascript:alert(1)", HUB_BAD_REQUEST},
            {"page", "return_url", "https://a.example/" + std::string(256, 'a'), HUB_BAD_REQUEST},
            {"page", "amount_minor", -1, HUB_BAD_REQUEST},
            {"page", "product", "jsapi", HUB_UNSUPPORTED},
            {"page", "product", "b2b_redirect", HUB_UNSUPPORTED},
        };
        for (const Row& row : rows) {
            Connector connector;
            Json order = orderOf(row.product);
            order[row.member] = row.value;

            const Answer answer = ask(connector, order);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                std::string{row.member} + ": " + answer.message, row.expected, answer.status);
            CPPUNIT_ASSERT(answer.payload.empty());
            CPPUNIT_ASSERT(connector.http().requests().empty());
        }
    }

    void withoutKeysThereIsNoForm()
    {
        Connector connector;
        connector.withhold(HUB_EXT_KEYS_1);

        const Answer answer = ask(connector, orderOf("wap"));

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_INTERNAL}, answer.status);
        CPPUNIT_ASSERT(answer.payload.empty());
    }

    void theOtherOperationsServeTheseAttempts()
    {
        struct Row {
            const char* operation;
            const char* method;
            const char* node;
            const char* state;
        };
        const char* const absent = R"({"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"})";
        for (const Row& row : {Row{"query", "alipay.trade.query", absent, "not_found"},
                               Row{"close", "alipay.trade.close", absent, "not_found"},
                               Row{"refund",
                                   "alipay.trade.refund",
                                   R"({"code":"10000","fund_change":"Y"})",
                                   "succeeded"}}) {
            for (const char* product : {"wap", "page"}) {
                Connector connector;
                connector.http().answer(200, signedBody(nodeNames().at(row.operation), row.node));
                Json request = requests().at(row.operation);
                request["product"] = product;

                const Answer answer =
                    connector.call(std::string{kAccount}, row.operation, request.dump());

                CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
                CPPUNIT_ASSERT_EQUAL(std::string{row.state},
                                     Json::parse(answer.payload)["state"].get<std::string>());
                const auto sent = alipay::fromForm(connector.http().requests().at(0).body);
                CPPUNIT_ASSERT_EQUAL(std::string{row.method},
                                     std::string{alipay::valueOf(sent.value(), "method")});
            }
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(FormTest, "form");
