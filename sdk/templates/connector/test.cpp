// Goal: the connector is right before anyone trusts it with money. Method: the built library under
// the SDK's fakes. Usage: payment_example_test LIBRARY

#include <hub/testing/connector_fake.hpp>

#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using hub::testing::ConnectorFake;
using Json = nlohmann::json;

int failures = 0;

void check(bool condition, const std::string& sentence)
{
    failures += condition ? 0 : 1;
    std::cout << (condition ? "ok   " : "FAIL ") << sentence << "\n";
}

const std::string kCreateJson =
    R"({"config":{},"accounts":{"main":{"config":{"merchant":"M0001",)"
    R"("base_url":"https://api.example.com"},"callback_url":"https://hub.example.com/callback"}}})";
const std::string kCreate =
    R"({"number":"1400000120261121104000000001","product":"qr","amount_minor":20000,"currency":"CNY",)"
    R"("subject":"Badge fee 2026","created_at_ms":1795228800000,"expires_at_ms":1795229400000})";
const std::string kQuery =
    R"({"number":"1400000120261121104000000001","created_at_ms":1795228800000,"amount_minor":20000})";
const std::string kTimestamp = "1795228800";

/// The provider's side of the signature, written down once more.
std::string signatureOf(ConnectorFake& fake, const std::string& body)
{
    const std::string mac =
        fake.keys().hmac("api_key", "hmac_sha256", kTimestamp + "\n" + body).value();
    std::string hex;
    for (const char c : mac) {
        constexpr const char* kDigits = "0123456789abcdef";
        hex += kDigits[static_cast<unsigned char>(c) >> 4U];
        hex += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return hex;
}

void answer(ConnectorFake& fake,
            std::uint32_t status,
            const std::string& body,
            bool is_genuine = true)
{
    const std::string signature = is_genuine ? signatureOf(fake, body) : std::string(64, '0');
    fake.http().answerWith([=](const hub::HttpRequest&) {
        return hub::Result<hub::HttpResponse>{hub::HttpResponse{
            status, {{"x-timestamp", kTimestamp}, {"x-signature", signature}}, body}};
    });
}

void testCreate(ConnectorFake& fake)
{
    answer(
        fake,
        200,
        R"({"result":"ok","number":"1400000120261121104000000001","qr_code":"https://qr.example.com/1"})");
    const hub::Answer created = fake.call("main", "create", kCreate);
    check(created.status == HUB_OK, "create succeeds");
    check(Json::parse(created.payload)["qr_code"] == "https://qr.example.com/1",
          "the code is given out");
    const auto sent = fake.http().requests().at(0);
    check(Json::parse(sent.body)["amount"] == "200.00", "the amount is sent as a decimal");
    check(sent.headers.at(2).second == signatureOf(fake, sent.body), "the request is signed");
}

/// What a browser carries: one signed form, and no exchange.
void testPage(ConnectorFake& fake)
{
    Json request = Json::parse(kCreate);
    request["product"] = "page";
    const hub::Answer created = fake.call("main", "create", request.dump());
    check(created.status == HUB_OK, "a page's form succeeds");
    const Json form = Json::parse(created.payload).at("form");
    check(form.at("url") == "https://api.example.com/v1/payments/page", "it goes to the provider");
    const Json& fields = form.at("fields");
    const std::string body = fields.at("request");
    check(fields.at("timestamp") == kTimestamp, "it states when it was signed");
    check(fields.at("signature") == signatureOf(fake, body), "it is signed as a request is");
    check(Json::parse(body).at("amount") == "200.00", "the amount is within what is signed");
    check(Json::parse(body).at("expires_at_ms") == request.at("expires_at_ms"), "so is its end");
    check(fake.http().requests().empty(), "nothing was sent");
}

void testMoneyRule(ConnectorFake& fake)
{
    const std::string refusal =
        R"({"result":"refused","reason":"limit","number":"1400000120261121104000000001"})";
    answer(fake, 200, refusal);
    check(fake.call("main", "create", kCreate).status == HUB_REJECTED,
          "a genuine refusal is final");
    answer(fake, 200, refusal, false);
    check(fake.call("main", "create", kCreate).status == HUB_OUTCOME_UNKNOWN,
          "a forged refusal is unknown");
    answer(fake, 500, refusal);
    check(fake.call("main", "create", kCreate).status == HUB_OUTCOME_UNKNOWN,
          "a server error is unknown");
    fake.http().unknown();
    check(fake.call("main", "create", kCreate).status == HUB_OUTCOME_UNKNOWN,
          "a cut exchange is unknown");
    fake.http().notSent();
    check(fake.call("main", "create", kCreate).status == HUB_UNAVAILABLE,
          "what never left is not sent");
}

void testQuery(ConnectorFake& fake)
{
    answer(
        fake,
        200,
        R"({"result":"ok","number":"1400000120261121104000000001","state":"paid","amount":"200.00"})");
    check(Json::parse(fake.call("main", "query", kQuery).payload)["state"] == "paid",
          "a paid state is read");
    answer(
        fake,
        200,
        R"({"result":"ok","number":"1400000120261121104000000001","state":"paid","amount":"2.00"})");
    check(fake.call("main", "query", kQuery).status == HUB_OUTCOME_UNKNOWN,
          "another amount is unknown");
}

hub::Answer callback(ConnectorFake& fake, const std::string& body, const std::string& signature)
{
    hub::testing::Delivery delivery;
    delivery.source = HUB_SOURCE_CALLBACK;
    delivery.operation = "callback";
    delivery.account = "main";
    const Json headers{{"x-timestamp", kTimestamp}, {"x-signature", signature}};
    delivery.payload = Json{{"method", "POST"},
                            {"path", "/callback"},
                            {"query", ""},
                            {"headers", headers},
                            {"body_base64", ConnectorFake::toBase64(body)}}
                           .dump();
    return fake.deliver(delivery);
}

void testCallback(ConnectorFake& fake)
{
    const std::string body =
        R"({"merchant":"M0001","number":"1400000120261121104000000001","state":"paid","amount":"200.00"})";
    const hub::Answer genuine = callback(fake, body, signatureOf(fake, body));
    check(genuine.status == HUB_OK, "a genuine callback is read");
    check(Json::parse(genuine.payload)["reading"]["amount_minor"] == 20000, "its amount is exact");
    check(callback(fake, body, std::string(64, '0')).status == HUB_REJECTED,
          "a forged one is refused");
    fake.clock().advance(6 * 60 * 1000);
    check(callback(fake, body, signatureOf(fake, body)).status == HUB_REJECTED,
          "a late one is refused");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: payment_example_test LIBRARY\n";
        return 2;
    }
    for (const auto& test : {testCreate, testPage, testMoneyRule, testQuery, testCallback}) {
        ConnectorFake fake;
        fake.keys().addSecret("api_key", "visible-test-key");
        fake.start(hub::testing::loadEntry(argv[1]), kCreateJson);
        test(fake);
        check(fake.http().failures().empty(), "every exchange followed the script");
    }
    return failures == 0 ? 0 : 1;
}
