// Goal: what leaves and what is understood stays as it is, byte for byte. Method: every file of
// tests/data/payment_alipay is one case: the call, the provider's answer, the request and outcome
// expected; without an answer nothing may be sent. HUB_UPDATE_GOLDEN=1 writes request and outcome
// anew.

#include "fixture.hpp"
#include "payment_alipay/envelope.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/golden.hpp"

#include <string>

namespace {

using namespace alipay_test;
using connector_test::describe;
using connector_test::OrderedJson;
using hub::Answer;

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
    void everyCaseIsAsWritten() { connector_test::expectAsWritten(dataFolder(), 21, &run); }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
