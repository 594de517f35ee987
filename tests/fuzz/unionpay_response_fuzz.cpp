// Input: the contract's operation on the first line, then a proved raw answer. Whatever it says,
// the answer is one of the money rule, about what was asked for.

#include "expect.hpp"
#include "payment_unionpay/protocol.hpp"
#include "unionpay_acp/response_code.hpp"

namespace {

using namespace hub::fuzz;
using payment_unionpay::Json;

constexpr std::int64_t kAmountMinor = 20000;
constexpr std::int64_t kNowMs = 1795229000000;

const payment_unionpay::Account& account()
{
    static const payment_unionpay::Account kAccount = [] {
        payment_unionpay::Account account;
        account.merchant_id = "777290058110048";
        account.order_life_ms = 3600000;
        return account;
    }();
    return kAccount;
}

Json request()
{
    return {{"number", "1400000120261121104000000001"},
            {"refund_number", "1400000120261121120000000001"},
            {"product", "qr"},
            {"amount_minor", kAmountMinor},
            {"total_minor", kAmountMinor},
            {"currency", "CNY"},
            {"kind", "trades"},
            {"date", "2026-11-20"},
            {"created_at_ms", 1795228800000},
            {"refund_created_at_ms", 1795228800000},
            {"expires_at_ms", 1795229400000}};
}

/// The money rule: after a request has left, only these are answers.
bool isAnswer(hub_status status)
{
    return status == HUB_OK || status == HUB_PENDING || status == HUB_REJECTED ||
           status == HUB_OUTCOME_UNKNOWN || status == HUB_THROTTLED || status == HUB_NOT_FOUND ||
           status == HUB_UNAUTHENTICATED;
}

void checkAnswer(std::string_view body, const unionpay::Fields& fields, const hub::Answer& answer)
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
    expect(unionpay::valueOf(fields, "merId") == account().merchant_id,
           "no other merchant succeeds",
           body);
    expect(payload.value("amount_minor", kAmountMinor) == kAmountMinor,
           "no other amount succeeds",
           answer.payload);
    expect(payload.value("state", "") != "paid" || payload.contains("amount_minor"),
           "what is paid has an amount",
           answer.payload);
    const bool states_money =
        payload.value("state", "") == "paid" || payload.value("state", "") == "succeeded";
    expect(!states_money || unionpay::findCode(unionpay::valueOf(fields, "origRespCode")).meaning ==
                                unionpay::Meaning::Success,
           "only a success has moved money",
           body);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body = textOf(data, size);
    const auto* operation = payment_unionpay::findOperation(takeLine(body));
    operation = operation == nullptr ? payment_unionpay::findOperation("query") : operation;
    expect(operation != nullptr, "there is a query");
    const auto answer = unionpay::fromRaw(body);
    if (!answer.ok()) {
        return 0;
    }
    const Json asked = request();
    const payment_unionpay::Context context{account(), asked, kNowMs};
    expect(payment_unionpay::makeMessage(*operation, context, "1").ok(), "the request can be said");
    checkAnswer(body, answer.value(), operation->readAnswer(context, answer.value()));
    const std::string shown = payment_unionpay::describeUntrusted(answer.value());
    expectReadable(shown);
    expect(shown.size() <= 300, "what is shown of an unproved answer is short", shown);
    return 0;
}
