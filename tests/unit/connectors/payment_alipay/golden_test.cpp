// Goal: what leaves and what is understood stays as it is, byte for byte. Method: every file of
// tests/data/payment_alipay is one case: the call, the provider's answer, the request and outcome
// expected; without an answer nothing may be sent. HUB_UPDATE_GOLDEN=1 writes request and outcome
// anew.

#include "fixture.hpp"
#include "payment_alipay/envelope.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace alipay_test;
using hub::Answer;
using OrderedJson = nlohmann::ordered_json;

std::vector<std::filesystem::path> casePaths()
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(dataFolder())) {
        if (entry.path().extension() == ".json") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// {"node": …, "content": raw text, "sign": "genuine", "missing" or "forged"} or a raw "body".
std::string bodyOf(const OrderedJson& answer)
{
    if (answer.contains("body")) {
        return answer["body"];
    }
    const std::string content = answer["content"];
    const std::string sign = answer.value("sign", "genuine");
    const std::string node = answer["node"];
    if (sign == "missing") {
        return "{\"" + node + "\":" + content + "}";
    }
    const std::string covered = sign == "forged" ? content + " " : content;
    return "{\"" + node + "\":" + content + answer.value("between", "") + ",\"sign\":\"" +
           providerSignature(covered) + "\"}";
}

/// A notice's parameters, signed as "sign" says: "genuine" (without sign_type), "kept", "forged".
std::string noticeOf(const OrderedJson& golden)
{
    alipay::Parameters parameters;
    for (const auto& [name, value] : golden["notice"].items()) {
        parameters.emplace_back(name, value.get<std::string>());
    }
    const std::string sign = golden.value("sign", "genuine");
    std::string text = alipay::noticeSignText(
        parameters, sign == "kept" ? alipay::SignType::Kept : alipay::SignType::Dropped);
    text += sign == "forged" ? " " : "";
    parameters.emplace_back("sign", providerSignature(text));
    return alipay::toForm(parameters);
}

std::string nameOf(hub_status status)
{
    switch (status) {
    case HUB_OK:
        return "OK";
    case HUB_REJECTED:
        return "REJECTED";
    case HUB_UNAUTHENTICATED:
        return "UNAUTHENTICATED";
    case HUB_THROTTLED:
        return "THROTTLED";
    case HUB_OUTCOME_UNKNOWN:
        return "OUTCOME_UNKNOWN";
    case HUB_PENDING:
        return "PENDING";
    default:
        return std::to_string(status);
    }
}

OrderedJson describe(const Answer& answer)
{
    OrderedJson described{{"status", nameOf(answer.status)}};
    if (!answer.message.empty()) {
        described["message"] = answer.message;
    }
    if (!answer.payload.empty()) {
        described["payload"] = OrderedJson::parse(answer.payload);
    }
    return described;
}

OrderedJson describe(const hub::HttpRequest& request)
{
    OrderedJson form = OrderedJson::object();
    const auto sent = alipay::fromForm(request.body);
    for (const auto& [name, value] : sent.value()) {
        form[name] = value;
    }
    return {{"method", request.method},
            {"url", request.url},
            {"content_type", request.headers.at(0).second},
            {"form", form}};
}

/// Runs the case and fills in what came of it.
void run(OrderedJson& golden)
{
    Connector connector;
    if (golden.contains("notice")) {
        golden["expected"] = describe(connector.callback(std::string{kAccount}, noticeOf(golden)));
        return;
    }
    if (!golden.contains("answer")) {
        // The payer's browser carries it.
        golden["expected"] = describe(
            connector.call(std::string{kAccount}, golden["operation"], golden["payload"].dump()));
        CPPUNIT_ASSERT(connector.http().requests().empty());
        return;
    }
    const OrderedJson& answer = golden["answer"];
    connector.http().answer(answer.value("http_status", 200U), bodyOf(answer));
    const Answer outcome =
        connector.call(std::string{kAccount}, golden["operation"], golden["payload"].dump());
    golden["request"] = describe(connector.http().requests().at(0));
    golden["expected"] = describe(outcome);
}

class GoldenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GoldenTest);
    CPPUNIT_TEST(everyCaseIsAsWritten);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCaseIsAsWritten()
    {
        const auto paths = casePaths();
        CPPUNIT_ASSERT(paths.size() > 20);
        for (const auto& path : paths) {
            const std::string text = readFile(path);
            OrderedJson golden = OrderedJson::parse(text);
            run(golden);
            const std::string actual = golden.dump(2) + "\n";
            // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
            if (std::getenv("HUB_UPDATE_GOLDEN") != nullptr) {
                std::ofstream{path, std::ios::binary} << actual;
            } else {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(path.filename().string(), text, actual);
            }
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
