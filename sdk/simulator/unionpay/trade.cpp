#include "unionpay/trade.hpp"

#include "core/refunds.hpp"
#include "core/wallet.hpp"
#include "unionpay/codes.hpp"
#include "unionpay/gateway.hpp"
#include "unionpay/words.hpp"

#include <algorithm>

namespace hub::simulator::unionpay {

namespace {

constexpr std::size_t kCodeSize = 24;
constexpr const char* kCodeAddress = "https://qr.95516.com/00010000/";

bool isPaid(const Trade& trade)
{
    return trade.paid_ms != 0;
}

std::string otherNumber(const std::string& order_id, const std::string& txn_time)
{
    return order_id + "@" + txn_time;
}

/// What the payer is shown, from whichever field says it.
std::string subjectOf(const Fields& fields)
{
    constexpr std::string_view kName = "commodityName=";
    const std::string risk = get(fields, "riskRateInfo");
    const std::size_t at = risk.find(kName);
    if (at == std::string::npos) {
        return fields.contains("orderDesc") ? fields.at("orderDesc") : "银联订单";
    }
    const std::size_t start = at + kName.size();
    return risk.substr(start, risk.find_first_of("&}", start) - start);
}

} // namespace

Trades::Trades(const Settings& settings, const Surroundings& surroundings, const Provider& provider)
    : settings_(settings)
    , with_(surroundings)
    , provider_(provider)
{}

Answer Trades::book(const Call& call) const
{
    const Merchant& merchant = *settings_.findMerchant(call.app);
    return with_.books.transact([&](Book& book) {
        const Work work{book, call, merchant, call.parameters};
        if (call.method == kQuery) {
            return call.parameters.at("txnSubType") == "02" ? queryById(work) : query(work);
        }
        if (call.method == kRefund || call.method == kUndo) {
            return giveBack(work, call.method == kUndo);
        }
        return create(work);
    });
}

std::optional<Trade>
Trades::find(const Work& work, const std::string& order_id, const std::string& txn_time) const
{
    for (const std::string& number : {order_id, otherNumber(order_id, txn_time)}) {
        auto trade = work.book.findByNumber(provider_.name(), work.merchant.mer_id, number);
        if (trade && get(requestOf(*trade), "txnTime") == txn_time) {
            bringUpToDate(provider_, with_.clock, work.book, *trade);
            return trade;
        }
    }
    return std::nullopt;
}

std::optional<Refund>
Trades::findReturn(const Work& work, const std::string& order_id, const std::string& txn_time) const
{
    for (const std::string& number : {order_id, otherNumber(order_id, txn_time)}) {
        auto refund = work.book.findRefundOfSeller(provider_.name(), work.merchant.mer_id, number);
        if (refund && get(requestOf(*refund), "txnTime") == txn_time) {
            return refund;
        }
    }
    return std::nullopt;
}

/// A trade has its number from opening on, but nobody is told before it is paid.
std::optional<Trade> Trades::findPaid(const Work& work, const std::string& query_id) const
{
    auto trade = work.book.findByProviderNumber(provider_.name(), work.merchant.mer_id, query_id);
    if (!trade || !isPaid(*trade)) {
        return std::nullopt;
    }
    bringUpToDate(provider_, with_.clock, work.book, *trade);
    return trade;
}

/// When the order ends by the test clock. payTimeout is real time, so its distance counts.
std::int64_t Trades::endMs(const Work& work) const
{
    const auto at_ms = parseCompactTime(get(work.fields, "payTimeout"));
    return with_.clock.nowMs() +
           (at_ms ? std::max<std::int64_t>(*at_ms - realNowMs(), 0) : settings_.order_life_ms);
}

Answer Trades::create(const Work& work) const
{
    const std::string& order_id = work.fields.at("orderId");
    const std::string& txn_time = work.fields.at("txnTime");
    const std::int64_t amount_minor = parseFen(work.fields.at("txnAmt")).value();
    if (const auto known = find(work, order_id, txn_time)) {
        return repeat(work, *known);
    }
    if (findReturn(work, order_id, txn_time)) {
        return refusal("12");
    }
    const auto timeout_ms = parseCompactTime(get(work.fields, "payTimeout"));
    if (timeout_ms && *timeout_ms <= realNowMs()) {
        return refusal("10", "payTimeout");
    }
    if (amount_minor > work.merchant.limit_minor) {
        return refusal("33");
    }
    Trade trade = newTrade(work, amount_minor);
    work.book.insert(trade);
    return codeAnswer(work, trade);
}

Trade Trades::newTrade(const Work& work, std::int64_t amount_minor) const
{
    const std::string& order_id = work.fields.at("orderId");
    const bool is_taken =
        work.book.findByNumber(provider_.name(), work.merchant.mer_id, order_id).has_value();
    Trade trade;
    trade.provider = provider_.name();
    trade.seller = work.merchant.mer_id;
    trade.app = work.merchant.mer_id;
    trade.number = is_taken ? otherNumber(order_id, work.fields.at("txnTime")) : order_id;
    trade.code = work.call.method == kApp ? newQueryId() : randomToken(kCodeSize);
    trade.amount_minor = amount_minor;
    trade.subject = subjectOf(work.fields);
    trade.content = work.call.content.dump();
    trade.notify_url = work.fields.at("backUrl");
    trade.created_ms = realNowMs();
    trade.expires_ms = endMs(work);
    trade.code_expires_ms = trade.expires_ms;
    if (work.call.method == kGateway) {
        // The payer's browser has brought the order: it is open.
        trade.state = TradeState::Waiting;
        trade.provider_number = provider_.newProviderNumber();
        trade.opened_ms = trade.created_ms;
    }
    return trade;
}

Answer Trades::repeat(const Work& work, const Trade& trade) const
{
    const bool is_same = trade.content == work.call.content.dump();
    const bool is_open = trade.state == TradeState::Waiting;
    return settings_.front_repeats && work.call.method == kGateway && is_same && is_open
               ? codeAnswer(work, trade)
               : refusal("12");
}

Answer Trades::codeAnswer(const Work& work, const Trade& trade) const
{
    if (work.call.method == kGateway) {
        Answer answer = success();
        answer.kind = "redirection";
        answer.status = 303;
        answer.bytes = "/qr/" + trade.code;
        return answer;
    }
    Json fields = work.call.method == kApp
                      ? Json{{"tn", trade.code}}
                      : Json{{"qrCode",
                              settings_.code_is_web ? with_.public_url + "/qr/" + trade.code
                                                    : kCodeAddress + trade.code}};
    if (work.fields.contains("reqReserved")) {
        fields["reqReserved"] = work.fields.at("reqReserved");
    }
    return success(std::move(fields));
}

Answer Trades::query(const Work& work) const
{
    const std::string& order_id = work.fields.at("orderId");
    const std::string& txn_time = work.fields.at("txnTime");
    if (const auto trade = find(work, order_id, txn_time)) {
        return describe(*trade);
    }
    auto refund = findReturn(work, order_id, txn_time);
    return refund ? describe(work, std::move(*refund)) : refusal("34");
}

Answer Trades::queryById(const Work& work) const
{
    const std::string& query_id = work.fields.at("queryId");
    if (const auto trade = findPaid(work, query_id)) {
        return describe(*trade);
    }
    const Json known = work.book.toJson("")["refunds"];
    for (const Json& row : known) {
        if (row["provider"] == provider_.name() && row["seller_id"] == work.merchant.mer_id &&
            row["refund_no"] == query_id) {
            return describe(work,
                            work.book
                                .findRefundOfSeller(provider_.name(),
                                                    work.merchant.mer_id,
                                                    row["out_request_no"].get<std::string>())
                                .value());
        }
    }
    return refusal("34");
}

/// The provider hears of an order as the payer opens it; what ended without that never was.
Answer Trades::describe(const Trade& trade) const
{
    const Fields request = requestOf(trade);
    const bool is_declined = trade.close_reason == "payer";
    if (!isPaid(trade) && trade.state != TradeState::Waiting && !is_declined) {
        return refusal("34");
    }
    Json fields = isPaid(trade) ? paymentFields(settings_, trade)
                                : Json{{"txnAmt", std::to_string(trade.amount_minor)},
                                       {"currencyCode", "156"}};
    for (const char* name : {"orderId", "txnTime", "txnType", "txnSubType"}) {
        fields[name] = request.at(name);
    }
    const char* state = isPaid(trade) ? "00" : is_declined ? "30" : "05";
    fields["origRespCode"] = state;
    fields["origRespMsg"] = respMsg(state);
    if (isPaid(trade)) {
        // A group: its & separates nothing of the message.
        fields["reserved"] = "{acqInsCode=00000000&issInsCode=SIMULATED}";
    }
    return success(std::move(fields));
}

Answer Trades::describe(const Work& work, Refund refund) const
{
    Trade trade = work.book.findById(refund.trade).value();
    if (refund.state == RefundState::Processing && refund.due_ms <= with_.clock.nowMs()) {
        endRefund(provider_, work.book, trade, refund, RefundState::Done);
    }
    const Fields request = requestOf(refund);
    Json fields = returnFields(trade, refund);
    for (const char* name : {"orderId", "txnTime", "txnType", "txnSubType"}) {
        fields[name] = request.at(name);
    }
    fields["origRespCode"] = stateCode(refund);
    fields["origRespMsg"] = respMsg(stateCode(refund));
    return success(std::move(fields));
}

/// The payment that is to be given back, or why there is none.
std::optional<Answer> Trades::findOriginal(const Work& work, std::optional<Trade>& trade) const
{
    const Fields& fields = work.fields;
    trade = fields.contains("origQryId")
                ? findPaid(work, fields.at("origQryId"))
                : find(work, fields.at("origOrderId"), fields.at("origTxnTime"));
    if (!trade || !isPaid(*trade)) {
        return refusal("35");
    }
    const Fields original = requestOf(*trade);
    for (const auto& [ours, theirs] :
         {std::pair{"origOrderId", "orderId"}, std::pair{"origTxnTime", "txnTime"}}) {
        if (fields.contains(ours) && fields.at(ours) != original.at(theirs)) {
            return refusal("36", ours);
        }
    }
    const std::string& biz_type = fields.at("bizType");
    const std::string& wanted = original.at("bizType");
    const auto& b2b = settings_.b2b_refund_biz_types;
    const bool is_free = wanted == "000202" && work.call.method == kRefund;
    const bool fits =
        is_free ? std::find(b2b.begin(), b2b.end(), biz_type) != b2b.end() : biz_type == wanted;
    return fits ? std::nullopt : std::optional(refusal("36", "bizType"));
}

std::optional<Answer> Trades::objectionToRefund(const Work& work, const Trade& trade) const
{
    const std::int64_t left_minor = trade.amount_minor - trade.refunded_minor;
    const bool is_qr = requestOf(trade).at("bizType") == "000000";
    const std::int64_t window_ms =
        is_qr ? settings_.qr_refund_window_ms : settings_.refund_window_ms;
    if (left_minor == 0) {
        return refusal("45");
    }
    if (parseFen(work.fields.at("txnAmt")).value() > left_minor) {
        return refusal(settings_.codes.at("refund_amount"), "txnAmt");
    }
    const bool is_late =
        trade.state == TradeState::Finished || trade.paid_due_ms + window_ms <= with_.clock.nowMs();
    return is_late ? std::optional(refusal(settings_.codes.at("refund_late"))) : std::nullopt;
}

std::optional<Answer> Trades::objectionToUndo(const Work& work, const Trade& trade) const
{
    if (trade.refunded_minor != 0) {
        return refusal("45");
    }
    if (parseFen(work.fields.at("txnAmt")).value() != trade.amount_minor) {
        return refusal("36", "txnAmt");
    }
    const bool is_late = settlementDay(trade.paid_due_ms) != settlementDay(with_.clock.nowMs());
    return is_late ? std::optional(refusal(settings_.codes.at("undo_late"))) : std::nullopt;
}

Refund Trades::newReturn(const Work& work, bool is_undo) const
{
    const std::string& order_id = work.fields.at("orderId");
    const std::string& txn_time = work.fields.at("txnTime");
    const bool is_taken =
        work.book.findRefundOfSeller(provider_.name(), work.merchant.mer_id, order_id).has_value();
    Json content = work.call.content;
    content["accepted_ms"] = with_.clock.nowMs();
    Refund refund;
    refund.request_number = is_taken ? otherNumber(order_id, txn_time) : order_id;
    refund.amount_minor = parseFen(work.fields.at("txnAmt")).value();
    refund.reason = is_undo ? "undo" : "refund";
    refund.provider_number = provider_.newProviderNumber();
    refund.state = RefundState::Processing;
    refund.content = content.dump();
    refund.notify_url = work.fields.at("backUrl");
    refund.due_ms = with_.clock.nowMs() + settings_.refund_takes_ms;
    return refund;
}

Answer Trades::giveBack(const Work& work, bool is_undo) const
{
    const std::string& order_id = work.fields.at("orderId");
    const std::string& txn_time = work.fields.at("txnTime");
    if (find(work, order_id, txn_time) || findReturn(work, order_id, txn_time)) {
        return refusal("12");
    }
    std::optional<Trade> trade;
    if (auto objection = findOriginal(work, trade)) {
        return *objection;
    }
    if (auto objection =
            is_undo ? objectionToUndo(work, *trade) : objectionToRefund(work, *trade)) {
        return *objection;
    }
    Refund refund = newReturn(work, is_undo);
    if (!startRefund(provider_, work.book, *trade, refund)) {
        return refusal(settings_.codes.at("no_money"));
    }
    Json fields{{"queryId", refund.provider_number},
                {"origQryId", trade->provider_number},
                {"txnAmt", std::to_string(refund.amount_minor)}};
    if (work.fields.contains("reqReserved")) {
        fields["reqReserved"] = work.fields.at("reqReserved");
    }
    return success(std::move(fields));
}

} // namespace hub::simulator::unionpay
