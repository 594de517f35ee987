#include "alipay/trade.hpp"

#include "alipay/codes.hpp"
#include "alipay/content.hpp"
#include "alipay/page.hpp"
#include "alipay/words.hpp"
#include "core/refunds.hpp"
#include "core/wallet.hpp"

#include <algorithm>

namespace hub::simulator::alipay {

namespace {

constexpr std::int64_t kHourMs = 3600 * 1000;
/// A code lives at most two hours, whatever the request says; by default its order three hours, a
/// page's fifteen days.
constexpr std::int64_t kCodeLifeMaxMs = 2 * kHourMs;
constexpr std::int64_t kOrderLifeMs = 3 * kHourMs;
constexpr std::int64_t kPageLifeMs = 15 * 24 * kHourMs;
constexpr std::size_t kCodeSize = 24;

/// When the order ends by the test clock. An absolute time is real time, so its distance counts.
std::int64_t orderEndMs(const Call& call, std::int64_t test_now_ms)
{
    const Json& content = call.content;
    if (const auto at_ms = parseBeijingText(textOf(content, "time_expire"))) {
        return test_now_ms + std::max<std::int64_t>(*at_ms - realNowMs(), 0);
    }
    return parseTimeout(textOf(content, "timeout_express"), test_now_ms)
        .value_or(test_now_ms + (isPageMethod(call.method) ? kPageLifeMs : kOrderLifeMs));
}

std::int64_t codeEndMs(const Call& call, std::int64_t test_now_ms)
{
    const std::int64_t order_end = orderEndMs(call, test_now_ms);
    if (isPageMethod(call.method)) {
        return order_end;
    }
    const std::int64_t asked =
        parseTimeout(textOf(call.content, "qr_code_timeout_express"), test_now_ms)
            .value_or(test_now_ms + kCodeLifeMaxMs);
    return std::min({asked, test_now_ms + kCodeLifeMaxMs, order_end});
}

bool isPayTimeOver(const Json& content)
{
    const auto at_ms = parseBeijingText(textOf(content, "time_expire"));
    return at_ms && *at_ms <= realNowMs();
}

bool isPaid(const Trade& trade)
{
    return trade.state == TradeState::Paid || trade.state == TradeState::Finished;
}

/// Alipay has no trade before somebody opened the code, or logged in on the page.
bool existsAtAlipay(const std::optional<Trade>& trade)
{
    return trade && trade->state != TradeState::Issued && trade->state != TradeState::Voided;
}

} // namespace

Trades::Trades(const Settings& settings, const Surroundings& surroundings, const Provider& provider)
    : settings_(settings)
    , with_(surroundings)
    , provider_(provider)
{}

Answer Trades::book(const Call& call) const
{
    if (const auto objection = judgeContent(call.method, call.content)) {
        return refusal(call.method, objection->sub_code, objection->member);
    }
    using Step = Answer (Trades::*)(const Work&) const;
    static const std::map<std::string, Step, std::less<>> kSteps{
        {"alipay.trade.precreate", &Trades::order},
        {"alipay.trade.wap.pay", &Trades::order},
        {"alipay.trade.page.pay", &Trades::order},
        {"alipay.trade.query", &Trades::query},
        {"alipay.trade.cancel", &Trades::cancel},
        {"alipay.trade.close", &Trades::close},
        {"alipay.trade.refund", &Trades::refund},
        {"alipay.trade.fastpay.refund.query", &Trades::refundQuery},
    };
    const App& app = *settings_.findApp(call.app);
    return with_.books.transact([&](Book& book) {
        return (this->*kSteps.at(call.method))(Work{book, call, app});
    });
}

Answer Trades::refuse(const Work& work, std::string_view sub_code) const
{
    Answer answer = refusal(work.call.method, sub_code);
    if (work.call.method == "alipay.trade.query") {
        addEmptyAmounts(answer.fields, work.call.number);
    }
    return answer;
}

std::optional<Trade> Trades::find(const Work& work) const
{
    const std::string trade_no = textOf(work.call.content, "trade_no");
    const std::string_view seller = work.app.seller_id;
    auto trade = trade_no.empty()
                     ? work.book.findByNumber(provider_.name(), seller, work.call.number)
                     : work.book.findByProviderNumber(provider_.name(), seller, trade_no);
    if (trade) {
        bringUpToDate(provider_, with_.clock, work.book, *trade);
    }
    return trade;
}

std::optional<std::string_view> Trades::objectionToOrder(const Work& work) const
{
    const Json& content = work.call.content;
    const std::string seller = textOf(content, "seller_id");
    const std::string store = textOf(content, "store_id");
    const auto& stores = work.app.store_ids;
    const auto isForbidden = [&](const std::string& word) {
        return textOf(content, "subject").find(word) != std::string::npos ||
               textOf(content, "body").find(word) != std::string::npos;
    };
    if (work.app.blocked) {
        return "ACQ.SELLER_BEEN_BLOCKED";
    }
    if (!seller.empty() && seller != work.app.seller_id) {
        const bool is_other = std::any_of(settings_.apps.begin(),
                                          settings_.apps.end(),
                                          [&](const App& app) { return app.seller_id == seller; });
        return is_other ? "ACQ.PARTNER_ERROR" : "ACQ.SELLER_NOT_EXIST";
    }
    if (!store.empty() && !stores.empty() &&
        std::find(stores.begin(), stores.end(), store) == stores.end()) {
        return "ACQ.INVALID_STORE_ID";
    }
    if (std::any_of(
            settings_.forbidden_words.begin(), settings_.forbidden_words.end(), isForbidden)) {
        return "ACQ.EXIST_FORBIDDEN_WORD";
    }
    if (*parseAmount(content["total_amount"]) > work.app.limit_minor) {
        return "ACQ.TOTAL_FEE_EXCEED";
    }
    return std::nullopt;
}

Answer Trades::orderAnswer(const Work& work, const Trade& trade) const
{
    if (isPageMethod(work.call.method)) {
        return redirection("/qr/" + trade.code);
    }
    Answer answer = success(work.call.method);
    answer.fields["out_trade_no"] = trade.number;
    answer.fields["qr_code"] = with_.public_url + "/qr/" + trade.code;
    return answer;
}

Answer Trades::order(const Work& work) const
{
    if (auto known = find(work)) {
        return repeatOrder(work, std::move(*known));
    }
    if (const auto sub_code = objectionToOrder(work)) {
        return refuse(work, *sub_code);
    }
    if (isPayTimeOver(work.call.content)) {
        return refuse(work, "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
    }
    Trade trade = newTrade(work);
    work.book.insert(trade);
    return orderAnswer(work, trade);
}

Trade Trades::newTrade(const Work& work) const
{
    const Json& content = work.call.content;
    const auto notify_url = work.call.parameters.find("notify_url");
    const std::int64_t now_ms = with_.clock.nowMs();
    Trade trade;
    trade.provider = provider_.name();
    trade.seller = work.app.seller_id;
    trade.app = work.app.app_id;
    trade.number = work.call.number;
    trade.code = randomToken(kCodeSize);
    trade.amount_minor = *parseAmount(content["total_amount"]);
    trade.subject = textOf(content, "subject");
    trade.content = orderText(work.call);
    trade.notify_url = notify_url == work.call.parameters.end() ? "" : notify_url->second;
    trade.created_ms = realNowMs();
    trade.code_expires_ms = codeEndMs(work.call, now_ms);
    trade.expires_ms = orderEndMs(work.call, now_ms);
    return trade;
}

Answer Trades::repeatOrder(const Work& work, Trade trade) const
{
    if (isPaid(trade)) {
        return refuse(work, "ACQ.TRADE_HAS_SUCCESS");
    }
    if (trade.state == TradeState::Closed || trade.state == TradeState::Voided) {
        return refuse(work, "ACQ.TRADE_HAS_CLOSE");
    }
    if (trade.content != orderText(work.call)) {
        return refuse(work, "ACQ.CONTEXT_INCONSISTENT");
    }
    if (isPayTimeOver(work.call.content)) {
        return refuse(work, "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
    }
    const std::int64_t now_ms = with_.clock.nowMs();
    if (trade.state == TradeState::Issued && trade.code_expires_ms <= now_ms) {
        // Nobody opened the old code in time, so the order starts anew with another one.
        trade.code = randomToken(kCodeSize);
        trade.code_expires_ms = codeEndMs(work.call, now_ms);
        trade.expires_ms = orderEndMs(work.call, now_ms);
        work.book.update(trade);
    }
    return orderAnswer(work, trade);
}

Answer Trades::query(const Work& work) const
{
    const auto trade = find(work);
    if (!existsAtAlipay(trade)) {
        return refuse(work, "ACQ.TRADE_NOT_EXIST");
    }
    Answer answer = success(work.call.method);
    const bool with_funds = asksFor(work.call.content, "fund_bill_list");
    answer.fields.update(queryFields(settings_, *trade, with_funds));
    return answer;
}

void Trades::end(const Work& work, Trade& trade, std::string_view reason) const
{
    trade.state = TradeState::Closed;
    trade.close_reason = reason;
    trade.closed_ms = realNowMs();
    work.book.update(trade);
    provider_.tell(work.book, trade, nullptr);
}

Answer Trades::close(const Work& work) const
{
    auto trade = find(work);
    if (!existsAtAlipay(trade)) {
        return refuse(work, "ACQ.TRADE_NOT_EXIST");
    }
    if (isPaid(*trade)) {
        return refuse(work, "ACQ.TRADE_STATUS_ERROR");
    }
    if (trade->state == TradeState::Closed) {
        return refuse(work, "ACQ.REASON_TRADE_STATUS_INVALID");
    }
    end(work, *trade, "merchant");
    Answer answer = success(work.call.method);
    answer.fields["out_trade_no"] = trade->number;
    answer.fields["trade_no"] = trade->provider_number;
    return answer;
}

Answer Trades::cancel(const Work& work) const
{
    auto trade = find(work);
    Answer answer = success(work.call.method);
    answer.fields["out_trade_no"] = trade ? trade->number : work.call.number;
    answer.fields["retry_flag"] = "N";
    if (!existsAtAlipay(trade)) {
        if (trade && trade->state == TradeState::Issued) {
            trade->state = TradeState::Voided;
            trade->closed_ms = realNowMs();
            trade->close_reason = "cancel";
            work.book.update(*trade);
        }
        return answer;
    }
    answer.fields["trade_no"] = trade->provider_number;
    answer.fields["action"] = trade->paid_ms == 0 ? "close" : "refund";
    if (trade->state == TradeState::Finished) {
        return refuse(work, "ACQ.TRADE_HAS_FINISHED");
    }
    if (trade->state == TradeState::Waiting) {
        end(work, *trade, "cancel");
    } else if (trade->state == TradeState::Paid) {
        if (trade->paid_due_ms + settings_.cancel_window_ms <= with_.clock.nowMs()) {
            return refuse(work, "ACQ.TRADE_CANCEL_TIME_OUT");
        }
        // The merchant gave no number for this refund; Alipay then takes the order's.
        const std::int64_t rest_minor = trade->amount_minor - trade->refunded_minor;
        if (!payBack(work, *trade, trade->number, rest_minor)) {
            Answer short_of_money = refuse(work, "ACQ.SELLER_BALANCE_NOT_ENOUGH");
            short_of_money.fields["retry_flag"] = "Y";
            return short_of_money;
        }
    }
    return answer;
}

bool Trades::payBack(const Work& work,
                     Trade& trade,
                     std::string_view request,
                     std::int64_t amount_minor) const
{
    Refund refund;
    refund.request_number = request;
    refund.amount_minor = amount_minor;
    refund.reason = textOf(work.call.content, "refund_reason");
    return startRefund(provider_, work.book, trade, refund);
}

Answer
Trades::refundAnswer(const Work& work, const Trade& trade, const Refund& refund, bool moved) const
{
    Answer answer = success(work.call.method);
    const bool with_detail = asksFor(work.call.content, "refund_detail_item_list");
    answer.fields.update(refundFields(settings_, trade, refund, moved, with_detail));
    return answer;
}

Answer Trades::refund(const Work& work) const
{
    auto trade = find(work);
    if (!existsAtAlipay(trade)) {
        return refuse(work, "ACQ.TRADE_NOT_EXIST");
    }
    const std::int64_t amount_minor = *parseAmount(work.call.content["refund_amount"]);
    std::string request = textOf(work.call.content, "out_request_no");
    if (request.empty() && amount_minor < trade->amount_minor) {
        return refuse(work, "ACQ.INVALID_PARAMETER");
    }
    request = request.empty() ? trade->number : request;
    if (const auto known = work.book.findRefund(trade->id, request)) {
        return known->amount_minor == amount_minor ? refundAnswer(work, *trade, *known, false)
                                                   : refuse(work, "ACQ.DISCORDANT_REPEAT_REQUEST");
    }
    switch (trade->state) {
    case TradeState::Waiting:
        return refuse(work, "ACQ.TRADE_STATUS_ERROR");
    case TradeState::Closed:
        return refuse(work, "ACQ.TRADE_HAS_CLOSE");
    case TradeState::Finished:
        return refuse(work, "ACQ.TRADE_HAS_FINISHED");
    default:
        break;
    }
    if (amount_minor > trade->amount_minor - trade->refunded_minor) {
        return refuse(work, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
    }
    if (!payBack(work, *trade, request, amount_minor)) {
        return refuse(work, "ACQ.SELLER_BALANCE_NOT_ENOUGH");
    }
    return refundAnswer(work, *trade, *work.book.findRefund(trade->id, request), true);
}

Answer Trades::refundQuery(const Work& work) const
{
    const auto trade = find(work);
    if (!existsAtAlipay(trade)) {
        return refuse(work, "ACQ.TRADE_NOT_EXIST");
    }
    Answer answer = success(work.call.method);
    const auto refund =
        work.book.findRefund(trade->id, textOf(work.call.content, "out_request_no"));
    // A refund that isn't known is a success without content.
    if (refund) {
        const bool with_time = asksFor(work.call.content, "gmt_refund_pay");
        answer.fields.update(refundQueryFields(*trade, *refund, with_time));
    }
    return answer;
}

} // namespace hub::simulator::alipay
