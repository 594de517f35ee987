// Input: the contract's operation on the first line, then the body of the gateway's answer. Only
// bytes as they were received are given to the verification, and an answer says what was asked for.

#include "expect.hpp"
#include "payment_alipay/envelope.hpp"
#include "payment_alipay/protocol.hpp"

#include <algorithm>

namespace {

using namespace hub::fuzz;
using alipay::Json;

constexpr std::int64_t kAmountMinor = 20000;

alipay::Account account()
{
    alipay::Account account;
    account.app_id = "2021000000000001";
    account.seller_id = "2088000000000001";
    return account;
}

Json request()
{
    return {{"number", "1400000120261121104000000001"},
            {"refund_number", "1400000120261121120000000001"},
            {"product", "qr"},
            {"amount_minor", kAmountMinor},
            {"total_minor", kAmountMinor},
            {"currency", "CNY"},
            {"subject", "Badge fee 2026"},
            {"created_at_ms", 1795228800000},
            {"expires_at_ms", 1795229400000}};
}

void checkNode(std::string_view body, const alipay::SignedNode& node)
{
    const char* end = body.data() + body.size();
    expect(node.source.data() >= body.data() && node.source.data() + node.source.size() <= end,
           "the signed bytes lie in the body");
    expect(node.source.size() >= 2 && node.source.front() == '{' && node.source.back() == '}',
           "the signed bytes are a node",
           node.source);
    std::string plain{body};
    plain.erase(std::remove(plain.begin(), plain.end(), '\\'), plain.end());
    expect(plain.find(alipay::toBase64(node.signature)) != std::string::npos,
           "the signature is the body's",
           body);
}

/// The money rule: after a request has left, only these are answers.
bool isAnswer(hub_status status)
{
    return status == HUB_OK || status == HUB_PENDING || status == HUB_REJECTED ||
           status == HUB_OUTCOME_UNKNOWN || status == HUB_THROTTLED ||
           status == HUB_UNAUTHENTICATED;
}

void checkAnswer(std::string_view node, const hub::Answer& answer)
{
    expect(isAnswer(answer.status), "an answer has an outcome", node);
    if (answer.status != HUB_OK) {
        expectReadable(answer.message);
    }
    if (answer.payload.empty()) {
        expect(answer.status != HUB_OK, "a success has a payload", node);
        return;
    }
    const Json payload = Json::parse(answer.payload, nullptr, false);
    expect(payload.is_object(), "a payload is a JSON object", answer.payload);
    if (answer.status == HUB_OK) {
        expect(payload.value("amount_minor", kAmountMinor) == kAmountMinor,
               "no other amount succeeds",
               answer.payload);
        expect(payload.value("merchant", account().seller_id) == account().seller_id,
               "no other merchant succeeds",
               answer.payload);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body = textOf(data, size);
    const alipay::Operation* operation = alipay::findOperation(takeLine(body));
    operation = operation == nullptr ? alipay::findOperation("query") : operation;
    expect(operation != nullptr, "there is a query");

    const auto node =
        alipay::findSignedNode(body, alipay::responseNodeName(operation->method_name));
    if (!node.ok()) {
        expectReadable(node.error().message);
    } else {
        checkNode(body, node.value());
    }
    // Without an envelope the body may still be a node.
    const std::string_view source = node.ok() ? node.value().source : body;
    checkAnswer(source, alipay::readAnswer(*operation, account(), request(), source));
    const std::string shown = alipay::describeUntrusted(source);
    expectReadable(shown);
    expect(shown.size() <= 300, "what is shown of an unsigned answer is short", shown);
    return 0;
}
