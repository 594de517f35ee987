#include "alipay/words.hpp"

#include <hub/money.hpp>

#include <array>

namespace hub::simulator::alipay {

std::string toYuan(std::int64_t minor)
{
    return toDecimal(Money{minor, "CNY"});
}

std::string_view tradeStatus(const Trade& trade)
{
    switch (trade.state) {
    case TradeState::Paid:
        return "TRADE_SUCCESS";
    case TradeState::Finished:
        return "TRADE_FINISHED";
    case TradeState::Closed:
    case TradeState::Voided:
        return "TRADE_CLOSED";
    default:
        return "WAIT_BUYER_PAY";
    }
}

namespace {

Json fundBills(const char* channel_member, std::int64_t minor)
{
    return Json::array({{{"amount", toYuan(minor)}, {channel_member, "ALIPAYACCOUNT"}}});
}

std::string passbackOf(const Trade& trade)
{
    return Json::parse(trade.content).value("passback_params", "");
}

} // namespace

Json queryFields(const Settings& settings, const Trade& trade, bool with_funds)
{
    const bool paid = trade.paid_ms != 0;
    const std::string received = toYuan(paid ? trade.amount_minor : 0);
    Json fields{{"buyer_logon_id", settings.buyer_logon_id},
                {"buyer_pay_amount", received},
                {"buyer_user_id", settings.buyer_id}};
    if (with_funds && paid) {
        fields["fund_bill_list"] = fundBills("fund_channel", trade.amount_minor);
    }
    fields["invoice_amount"] = received;
    fields["out_trade_no"] = trade.number;
    if (const std::string passback = passbackOf(trade); !passback.empty()) {
        fields["passback_params"] = passback;
    }
    fields["point_amount"] = "0.00";
    fields["receipt_amount"] = received;
    if (paid) {
        fields["send_pay_date"] = toBeijingText(trade.paid_ms);
    }
    fields["total_amount"] = toYuan(trade.amount_minor);
    fields["trade_no"] = trade.provider_number;
    fields["trade_status"] = tradeStatus(trade);
    return fields;
}

void addEmptyAmounts(Json& fields, const std::string& number)
{
    fields["buyer_pay_amount"] = "0.00";
    fields["invoice_amount"] = "0.00";
    if (!number.empty()) {
        fields["out_trade_no"] = number;
    }
    fields["point_amount"] = "0.00";
    fields["receipt_amount"] = "0.00";
}

Json refundFields(const Settings& settings,
                  const Trade& trade,
                  const Refund& refund,
                  bool moved,
                  bool with_detail)
{
    Json fields{{"buyer_logon_id", settings.buyer_logon_id},
                {"buyer_user_id", settings.buyer_id},
                {"fund_change", moved ? "Y" : "N"},
                {"gmt_refund_pay", toBeijingText(refund.booked_ms)},
                {"out_trade_no", trade.number}};
    if (with_detail) {
        fields["refund_detail_item_list"] = fundBills("fund_channel", refund.amount_minor);
    }
    fields["refund_fee"] = toYuan(trade.refunded_minor);
    fields["send_back_fee"] = toYuan(refund.amount_minor);
    fields["trade_no"] = trade.provider_number;
    return fields;
}

Json refundQueryFields(const Trade& trade, const Refund& refund, bool with_time)
{
    Json fields = Json::object();
    if (with_time) {
        fields["gmt_refund_pay"] = toBeijingText(refund.booked_ms);
    }
    fields["out_request_no"] = refund.request_number;
    fields["out_trade_no"] = trade.number;
    fields["refund_amount"] = toYuan(refund.amount_minor);
    fields["refund_status"] = "REFUND_SUCCESS";
    fields["total_amount"] = toYuan(trade.amount_minor);
    fields["trade_no"] = trade.provider_number;
    return fields;
}

Json notificationFields(const Settings& settings,
                        const App& app,
                        const Trade& trade,
                        const Refund* refund)
{
    const bool paid = trade.paid_ms != 0;
    const std::string received = toYuan(paid ? trade.amount_minor : 0);
    const Json content = Json::parse(trade.content);
    Json fields{{"notify_type", "trade_status_sync"},
                {"charset", "utf-8"},
                {"version", "1.0"},
                {"app_id", app.app_id},
                {"auth_app_id", app.app_id},
                {"trade_no", trade.provider_number},
                {"out_trade_no", trade.number},
                {"buyer_id", settings.buyer_id},
                {"buyer_logon_id", settings.buyer_logon_id},
                {"seller_id", app.seller_id},
                {"seller_email", app.seller_email},
                {"trade_status", tradeStatus(trade)},
                {"total_amount", toYuan(trade.amount_minor)},
                {"subject", trade.subject},
                {"gmt_create", toBeijingText(trade.opened_ms)}};
    if (content.contains("body")) {
        fields["body"] = content["body"];
    }
    if (const std::string passback = passbackOf(trade); !passback.empty()) {
        fields["passback_params"] = passback;
    }
    if (paid) {
        fields["receipt_amount"] = received;
        fields["invoice_amount"] = received;
        fields["buyer_pay_amount"] = received;
        fields["point_amount"] = "0.00";
        fields["gmt_payment"] = toBeijingText(trade.paid_ms);
        fields["fund_bill_list"] = fundBills("fundChannel", trade.amount_minor).dump();
    }
    if (refund != nullptr) {
        fields["out_biz_no"] = refund->request_number;
        fields["refund_fee"] = toYuan(trade.refunded_minor);
        fields["gmt_refund"] = toBeijingTextMs(refund->booked_ms);
    }
    if (trade.state == TradeState::Closed) {
        fields["gmt_close"] = toBeijingText(trade.closed_ms);
    }
    return fields;
}

std::string toAnswerText(const Json& value)
{
    std::string text;
    for (const char c : value.dump()) {
        // A slash stands in strings only, so every one of them may be escaped.
        text += c == '/' ? std::string_view("\\/") : std::string_view(&c, 1);
    }
    return text;
}

void raiseAmounts(Json& fields)
{
    constexpr std::array<const char*, 9> kAmounts{"total_amount",
                                                  "receipt_amount",
                                                  "invoice_amount",
                                                  "buyer_pay_amount",
                                                  "price",
                                                  "refund_fee",
                                                  "refund_amount",
                                                  "send_back_fee",
                                                  "point_amount"};
    for (const char* name : kAmounts) {
        if (fields.contains(name)) {
            const auto money = parseDecimal(fields[name].get<std::string>());
            fields[name] = toYuan(money ? money.value().amountMinor() + 1 : 1);
        }
    }
}

} // namespace hub::simulator::alipay
