// Goal: the connector is right before anyone trusts it with money. Method: the built library under
// the SDK's fakes. What the provider's answers mean is in cases/, one file each; here is what
// holds whatever they say. Usage: payment_example_test LIBRARY CASES_FOLDER

#include <hub/testing/connector_fake.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

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
const std::string kTimestamp = "1795228800"; // the fake clock's

void start(ConnectorFake& fake, const std::string& library)
{
    fake.keys().addSecret("api_key", "visible-test-key");
    fake.start(hub::testing::loadEntry(library), kCreateJson);
}

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

// ---- cases/: what the provider says, and what it means

std::string nameOf(hub_status status)
{
    static const std::map<hub_status, std::string> kNames = {
        {HUB_OK, "HUB_OK"},
        {HUB_REJECTED, "HUB_REJECTED"},
        {HUB_BAD_REQUEST, "HUB_BAD_REQUEST"},
        {HUB_UNAUTHENTICATED, "HUB_UNAUTHENTICATED"},
        {HUB_OUTCOME_UNKNOWN, "HUB_OUTCOME_UNKNOWN"},
        {HUB_UNSUPPORTED, "HUB_UNSUPPORTED"},
        {HUB_PENDING, "HUB_PENDING"}};
    const auto found = kNames.find(status);
    return found == kNames.end() ? std::to_string(status) : found->second;
}

/// What came of the case, in the form in which the file expects it.
Json resultOf(ConnectorFake& fake, const Json& golden)
{
    hub::Answer outcome;
    if (golden.contains("callback")) {
        const std::string body = golden.at("callback").dump();
        outcome = callback(fake, body, signatureOf(fake, body));
    } else {
        if (golden.contains("answer")) {
            answer(fake, 200, golden.at("answer").dump());
        }
        outcome = fake.call("main", golden.at("operation"), golden.at("request").dump());
    }
    Json result{{"status", nameOf(outcome.status)}};
    const Json payload = Json::parse(outcome.payload, nullptr, false);
    if (payload.is_object()) {
        result["payload"] = payload.contains("reading") ? payload["reading"] : payload;
    }
    return result;
}

void testCase(const std::string& library, const std::filesystem::path& path)
{
    const Json golden = Json::parse(std::ifstream(path));
    const std::string name = path.stem().string();
    ConnectorFake fake;
    start(fake, library);
    const Json result = resultOf(fake, golden);
    check(result == golden.at("expected"), name + ": came " + result.dump());
    const auto requests = fake.http().requests();
    const Json sent = requests.empty() ? Json{} : Json::parse(requests.front().body);
    check(sent == golden.value("sent", Json{}), name + ": sent " + sent.dump());
    check(fake.http().failures().empty(), name + ": every exchange followed the script");
}

void testCases(const std::string& library, const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    check(!paths.empty(), "there are cases in " + folder.string());
    for (const auto& path : paths) {
        try {
            testCase(library, path);
        } catch (const std::exception& problem) {
            check(false, path.filename().string() + ": " + problem.what());
        }
    }
}

// ---- What holds whatever the provider says

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

void testSignature(ConnectorFake& fake)
{
    answer(fake, 200, R"({"code":"LIMIT_EXCEEDED","number":"1400000120261121104000000001"})");
    fake.call("main", "create", kCreate);
    const auto sent = fake.http().requests().at(0);
    check(sent.url == "https://api.example.com/v1/payments/create", "the address is the account's");
    check(sent.headers.at(1).second == kTimestamp, "the request states when it was signed");
    check(sent.headers.at(2).second == signatureOf(fake, sent.body), "the request is signed");
}

void testMoneyRule(ConnectorFake& fake)
{
    const std::string refusal =
        R"({"code":"LIMIT_EXCEEDED","number":"1400000120261121104000000001"})";
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
    answer(fake, 200, refusal);
    fake.clock().advance(6 * 60 * 1000);
    check(fake.call("main", "create", kCreate).status == HUB_OUTCOME_UNKNOWN,
          "a genuine refusal of long ago is unknown");
}

void testCallback(ConnectorFake& fake)
{
    const std::string body =
        R"({"merchant":"M0001","number":"1400000120261121104000000001","state":"paid","amount":"200.00"})";
    check(callback(fake, body, signatureOf(fake, body)).status == HUB_OK,
          "a genuine callback is read");
    check(callback(fake, body, std::string(64, '0')).status == HUB_REJECTED,
          "a forged one is refused");
    fake.clock().advance(6 * 60 * 1000);
    check(callback(fake, body, signatureOf(fake, body)).status == HUB_REJECTED,
          "a late one is refused");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::cerr << "usage: payment_example_test LIBRARY CASES_FOLDER\n";
        return 2;
    }
    testCases(argv[1], argv[2]);
    for (const auto& test : {testPage, testSignature, testMoneyRule, testCallback}) {
        ConnectorFake fake;
        start(fake, argv[1]);
        test(fake);
        check(fake.http().failures().empty(), "every exchange followed the script");
    }
    return failures == 0 ? 0 : 1;
}
