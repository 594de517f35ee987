#include "unionpay/words.hpp"

#include "core/clock.hpp"
#include "core/crypto.hpp"
#include "unionpay/codes.hpp"

#include <fmt/format.h>

#include <atomic>

namespace hub::simulator::unionpay {

namespace {

constexpr std::int64_t kHourMs = 3600LL * 1000;
constexpr std::size_t kTimeSize = 14;
constexpr std::size_t kTraceSize = 6;
constexpr std::size_t kYearSize = 4;

Fields fieldsOf(const std::string& content)
{
    Fields fields;
    const Json stored = Json::parse(content);
    for (const auto& [name, value] : stored.items()) {
        if (value.is_string()) {
            fields[name] = value.get<std::string>();
        }
    }
    return fields;
}

/// MMDDhhmmss of when the merchant sent the order.
std::string traceTimeOf(const Fields& request)
{
    return get(request, "txnTime").substr(kYearSize);
}

void addReserved(Json& fields, const Fields& request)
{
    if (request.contains("reqReserved")) {
        fields["reqReserved"] = request.at("reqReserved");
    }
}

/// What a notification repeats of the request.
Fields noticeOf(const Fields& request, const Json& more, std::string_view code)
{
    Fields fields;
    for (const char* name : {"accessType",
                             "bizType",
                             "encoding",
                             "merId",
                             "orderId",
                             "origOrderId",
                             "origTxnTime",
                             "signMethod",
                             "txnSubType",
                             "txnTime",
                             "txnType",
                             "version"}) {
        if (request.contains(name)) {
            fields[name] = request.at(name);
        }
    }
    for (const auto& [name, value] : more.items()) {
        fields[name] = value.get<std::string>();
    }
    fields["respCode"] = code;
    fields["respMsg"] = respMsg(code);
    return fields;
}

} // namespace

std::string newQueryId()
{
    // Drawn numbers would meet each other in a busy second.
    static std::atomic<std::uint64_t> next{std::stoull(randomDigits(kTraceSize + 1))};
    return fmt::format("{}{:07}", toCompactTime(realNowMs()), next++ % 10'000'000);
}

std::string traceNumberOf(std::string_view query_id)
{
    return std::string(query_id.substr(kTimeSize, kTraceSize));
}

std::string settlementDay(std::int64_t test_ms)
{
    return toBeijingDay(test_ms + kHourMs);
}

std::optional<std::int64_t> startOfSettlementDay(std::string_view day)
{
    const auto midnight_ms = parseCompactTime(std::string(day) + "000000");
    return midnight_ms ? std::optional(*midnight_ms - kHourMs) : std::nullopt;
}

Fields requestOf(const Trade& trade)
{
    return fieldsOf(trade.content);
}

Fields requestOf(const Refund& refund)
{
    return fieldsOf(refund.content);
}

std::int64_t acceptedMs(const Refund& refund)
{
    return Json::parse(refund.content).value("accepted_ms", std::int64_t{0});
}

std::string_view stateCode(const Refund& refund)
{
    switch (refund.state) {
    case RefundState::Processing:
        return "05";
    case RefundState::Done:
        return "00";
    case RefundState::Stuck:
        return "04";
    default:
        return "01";
    }
}

Json paymentFields(const Settings& settings, const Trade& trade)
{
    const Fields request = requestOf(trade);
    const std::string amount = std::to_string(trade.amount_minor);
    Json fields{{"queryId", trade.provider_number},
                {"traceNo", traceNumberOf(trade.provider_number)},
                {"traceTime", traceTimeOf(request)},
                {"txnAmt", amount},
                {"currencyCode", "156"},
                {"settleAmt", amount},
                {"settleCurrencyCode", "156"},
                {"settleDate", settlementDay(trade.paid_due_ms).substr(kYearSize)},
                {"accNo", settings.account},
                {"payType", "0001"},
                {"payCardType", "01"}};
    addReserved(fields, request);
    return fields;
}

Json returnFields(const Trade& trade, const Refund& refund)
{
    const Fields request = requestOf(refund);
    const std::string amount = std::to_string(refund.amount_minor);
    Json fields{{"queryId", refund.provider_number},
                {"origQryId", trade.provider_number},
                {"traceNo", traceNumberOf(refund.provider_number)},
                {"traceTime", traceTimeOf(request)},
                {"txnAmt", amount},
                {"currencyCode", "156"},
                {"settleAmt", amount},
                {"settleCurrencyCode", "156"},
                {"settleDate", settlementDay(acceptedMs(refund)).substr(kYearSize)}};
    addReserved(fields, request);
    return fields;
}

Fields paymentNotice(const Settings& settings, const Trade& trade)
{
    Json more = paymentFields(settings, trade);
    more.erase("payType");
    more.erase("payCardType");
    more["payTime"] = toCompactTime(trade.paid_ms);
    return noticeOf(requestOf(trade), more, "00");
}

Fields returnNotice(const Trade& trade, const Refund& refund, std::string_view code)
{
    return noticeOf(requestOf(refund), returnFields(trade, refund), code);
}

void raiseAmounts(Fields& fields)
{
    for (const char* name : {"txnAmt", "settleAmt"}) {
        const auto found = fields.find(name);
        if (found != fields.end()) {
            found->second = std::to_string(std::stoll(found->second) + 1);
        }
    }
}

} // namespace hub::simulator::unionpay
