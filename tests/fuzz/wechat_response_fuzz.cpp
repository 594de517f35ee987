// Input: the contract's operation and the HTTP status on the first line, then the body of a proved
// answer. Whatever it says, the answer is one of the money rule, about what was asked for.

#include "expect.hpp"
#include "payment_wechat/bill_operation.hpp"
#include "payment_wechat/protocol.hpp"

#include <charconv>

namespace {

using namespace hub::fuzz;
using wechat::Json;

constexpr std::int64_t kAmountMinor = 20000;

wechat::Account account()
{
    wechat::Account account;
    account.mchid = "1900000001";
    account.appid = "wx0000000000000001";
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
            {"kind", "trades"},
            {"date", "2026-11-20"},
            {"created_at_ms", 1795228800000},
            {"expires_at_ms", 1795229400000}};
}

/// The money rule: after a request has left, only these are answers.
bool isAnswer(hub_status status)
{
    return status == HUB_OK || status == HUB_PENDING || status == HUB_REJECTED ||
           status == HUB_OUTCOME_UNKNOWN || status == HUB_THROTTLED ||
           status == HUB_UNAUTHENTICATED;
}

void checkAnswer(std::string_view body, const hub::Answer& answer)
{
    expect(isAnswer(answer.status), "an answer has an outcome", body);
    if (answer.status != HUB_OK) {
        expectReadable(answer.message);
    }
    if (answer.payload.empty()) {
        expect(answer.status != HUB_OK, "a success has a payload", body);
        return;
    }
    const Json payload = Json::parse(answer.payload, nullptr, false);
    expect(payload.is_object(), "a payload is a JSON object", answer.payload);
    if (answer.status != HUB_OK && answer.status != HUB_PENDING) {
        return;
    }
    expect(payload.value("amount_minor", kAmountMinor) == kAmountMinor,
           "no other amount succeeds",
           answer.payload);
    expect(payload.value("merchant", account().mchid) == account().mchid,
           "no other merchant succeeds",
           answer.payload);
    expect(payload.value("state", "") != "paid" || payload.contains("amount_minor"),
           "what is paid has an amount",
           answer.payload);
    expect(!payload.contains("address") ||
               !wechat::uriOf(payload.at("address").get<std::string>()).empty(),
           "a bill's address can be signed",
           answer.payload);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body = textOf(data, size);
    const std::string_view first = takeLine(body);
    const std::size_t blank = std::min(first.find(' '), first.size());
    const wechat::Operation* operation = wechat::findOperation(first.substr(0, blank));
    operation = operation == nullptr ? wechat::findOperation("query") : operation;
    expect(operation != nullptr, "there is a query");
    const std::string_view digits = first.substr(std::min(blank + 1, first.size()));
    std::uint32_t status = 200;
    std::from_chars(digits.data(), digits.data() + digits.size(), status);

    checkAnswer(body, wechat::readAnswer(*operation, account(), request(), status, body));
    const hub::Answer identity = wechat::readIdentity(status, body);
    expect(identity.status != HUB_OK ||
               !Json::parse(identity.payload).value("identity", "").empty(),
           "a payer's identity is not empty",
           identity.payload);
    const std::string shown = wechat::describeUntrusted(body);
    expectReadable(shown);
    expect(shown.size() <= 300, "what is shown of an unproved answer is short", shown);
    return 0;
}
