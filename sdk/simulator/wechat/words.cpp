#include "wechat/words.hpp"

#include "wechat/content.hpp"

#include <algorithm>
#include <array>

namespace hub::simulator::wechat {

namespace {

constexpr const char* kAccount = "支付用户零钱";

std::string_view describe(std::string_view state)
{
    return state == "SUCCESS"  ? "支付成功"
           : state == "REFUND" ? "订单发生过退款"
           : state == "CLOSED" ? "订单已关闭"
                               : "订单未支付";
}

} // namespace

std::string_view tradeState(const Trade& trade)
{
    if (trade.refunded_minor > 0) {
        return "REFUND";
    }
    switch (trade.state) {
    case TradeState::Paid:
    case TradeState::Finished:
        return "SUCCESS";
    case TradeState::Closed:
    case TradeState::Voided:
        return "CLOSED";
    default:
        return "NOTPAY";
    }
}

std::string_view refundStatus(const Refund& refund)
{
    switch (refund.state) {
    case RefundState::Processing:
        return "PROCESSING";
    case RefundState::Done:
        return "SUCCESS";
    case RefundState::Stuck:
        return "ABNORMAL";
    default:
        return "CLOSED";
    }
}

std::string tradeType(const Trade& trade)
{
    return textOf(Json::parse(trade.content), "trade_type");
}

Json tradeFields(const Settings& settings, const Trade& trade)
{
    const Json content = Json::parse(trade.content);
    const std::string_view state = tradeState(trade);
    Json fields{{"appid", trade.app},
                {"mchid", trade.seller},
                {"out_trade_no", trade.number},
                {"trade_state", state},
                {"trade_state_desc", describe(state)},
                {"trade_type", tradeType(trade)}};
    if (content.contains("attach")) {
        fields["attach"] = content["attach"];
    }
    Json amount{{"total", trade.amount_minor}, {"currency", "CNY"}};
    if (trade.paid_ms != 0) {
        fields["transaction_id"] = trade.provider_number;
        fields["bank_type"] = "OTHERS";
        fields["success_time"] = toRfc3339(trade.paid_ms);
        fields["payer"] = {{"openid", settings.openid}};
        amount["payer_total"] = trade.amount_minor;
        amount["payer_currency"] = "CNY";
    }
    fields["amount"] = std::move(amount);
    return fields;
}

Json refundFields(const Trade& trade, const Refund& refund)
{
    Json fields{{"refund_id", refund.provider_number},
                {"out_refund_no", refund.request_number},
                {"transaction_id", trade.provider_number},
                {"out_trade_no", trade.number},
                {"channel", "ORIGINAL"},
                {"user_received_account", kAccount},
                {"create_time", toRfc3339(refund.booked_ms)},
                {"status", refundStatus(refund)},
                {"funds_account", "AVAILABLE"},
                {"amount",
                 {{"total", trade.amount_minor},
                  {"refund", refund.amount_minor},
                  {"from", Json::array()},
                  {"payer_total", trade.amount_minor},
                  {"payer_refund", refund.amount_minor},
                  {"settlement_refund", refund.amount_minor},
                  {"settlement_total", trade.amount_minor},
                  {"discount_refund", 0},
                  {"currency", "CNY"}}},
                {"promotion_detail", Json::array()}};
    if (refund.state == RefundState::Done) {
        fields["success_time"] = toRfc3339(refund.settled_ms);
    }
    return fields;
}

Json refundNoticeFields(const Trade& trade, const Refund& refund)
{
    Json fields{{"mchid", trade.seller},
                {"out_trade_no", trade.number},
                {"transaction_id", trade.provider_number},
                {"out_refund_no", refund.request_number},
                {"refund_id", refund.provider_number},
                {"refund_status", refundStatus(refund)},
                {"user_received_account", kAccount},
                {"amount",
                 {{"total", trade.amount_minor},
                  {"refund", refund.amount_minor},
                  {"payer_total", trade.amount_minor},
                  {"payer_refund", refund.amount_minor}}}};
    if (refund.state == RefundState::Done) {
        fields["success_time"] = toRfc3339(refund.settled_ms);
    }
    return fields;
}

void raiseAmounts(Json& fields)
{
    if (!fields.contains("amount")) {
        return;
    }
    for (auto& [name, value] : fields["amount"].items()) {
        if (value.is_number_integer()) {
            value = value.get<std::int64_t>() + 1;
        }
    }
}

} // namespace hub::simulator::wechat
