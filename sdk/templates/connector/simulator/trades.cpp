#include "trades.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <utility>

#include <core/crypto.hpp>
#include <core/refunds.hpp>
#include <core/wallet.hpp>

namespace simulated {

namespace {

using namespace hub::simulator;

constexpr std::size_t kCodeSize = 24;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// 0 for what is no amount.
std::int64_t amountOf(const Json& body)
{
    const auto amount = hub::parseDecimal(textOf(body, "amount"));
    return amount.ok() ? amount.value().amountMinor() : 0;
}

std::string toAmount(std::int64_t minor)
{
    return hub::toDecimal({minor, "CNY"});
}

std::string_view stateOf(const Trade& trade)
{
    switch (trade.state) {
    case TradeState::Paid:
    case TradeState::Finished:
        return "paid";
    case TradeState::Closed:
        return trade.close_reason == "refund" ? "refunded" : "closed";
    case TradeState::Voided:
        return "closed";
    default:
        return "waiting";
    }
}

std::string_view stateOf(const Refund& refund)
{
    switch (refund.state) {
    case RefundState::Done:
        return "succeeded";
    case RefundState::Processing:
        return "processing";
    default:
        return "failed";
    }
}

Answer answerOf(const Trade& trade, const Refund& refund)
{
    return simulated::answerOf("OK",
                               trade.number,
                               {{"refund_number", refund.request_number},
                                {"state", stateOf(refund)},
                                {"amount", toAmount(refund.amount_minor)}});
}

} // namespace

Answer answerOf(std::string_view code, std::string_view number, Json fields)
{
    Answer answer;
    answer.code = code;
    answer.fields = {{"code", code}, {"number", number}};
    answer.fields.update(fields);
    return answer;
}

Json factsOf(const Trade& trade)
{
    Json facts{{"state", stateOf(trade)}, {"amount", toAmount(trade.amount_minor)}};
    if (trade.paid_ms != 0) {
        facts["provider_number"] = trade.provider_number;
        facts["paid_at_ms"] = trade.paid_ms;
    }
    return facts;
}

Trades::Trades(const Settings& settings, const Surroundings& with, const Provider& provider)
    : settings_(settings)
    , with_(with)
    , provider_(provider)
{}

Answer Trades::book(const Call& call) const
{
    const Merchant& merchant = *settings_.findMerchant(call.app);
    return with_.books.transact([&](Book& book) {
        const Work work{book, call, merchant};
        if (call.method == "create" || call.method == "page") {
            return create(work);
        }
        auto trade = find(work);
        if (!trade) {
            return answerOf("NOT_FOUND", call.number, Json::object());
        }
        if (call.method == "query") {
            return answerOf("OK", call.number, factsOf(*trade));
        }
        if (call.method == "close") {
            return close(work, std::move(*trade));
        }
        return call.method == "refund" ? refund(work, std::move(*trade))
                                       : refundQuery(work, std::move(*trade));
    });
}

std::optional<Trade> Trades::find(const Work& work) const
{
    auto trade = work.book.findByNumber(provider_.name(), work.merchant.merchant, work.call.number);
    if (trade) {
        bringUpToDate(provider_, with_.clock, work.book, *trade);
    }
    return trade;
}

Answer Trades::create(const Work& work) const
{
    const Json& body = work.call.content;
    const std::int64_t amount_minor = amountOf(body);
    const std::int64_t life_ms = body.value("expires_at_ms", std::int64_t{0}) - realNowMs();
    if (amount_minor < 1 || life_ms <= 0 || textOf(body, "subject").empty()) {
        return answerOf("MALFORMED", work.call.number, Json::object());
    }
    if (const auto known = find(work)) {
        return repeat(work, *known);
    }
    if (work.merchant.is_suspended) {
        return answerOf("MERCHANT_SUSPENDED", work.call.number, Json::object());
    }
    if (amount_minor > work.merchant.limit_minor) {
        return answerOf("LIMIT_EXCEEDED", work.call.number, Json::object());
    }
    Trade trade;
    trade.provider = provider_.name();
    trade.seller = trade.app = work.merchant.merchant;
    trade.number = work.call.number;
    trade.code = randomToken(kCodeSize);
    trade.amount_minor = amount_minor;
    trade.subject = textOf(body, "subject");
    trade.content = body.dump();
    trade.notify_url = textOf(body, "notify_url");
    trade.created_ms = realNowMs();
    trade.expires_ms = trade.code_expires_ms = with_.clock.nowMs() + life_ms;
    work.book.insert(trade);
    return codeOf(work, trade);
}

/// The same order again is the same order; another one under its number is none.
Answer Trades::repeat(const Work& work, const Trade& trade) const
{
    const bool is_open = trade.state == TradeState::Issued || trade.state == TradeState::Waiting;
    return is_open && trade.content == work.call.content.dump()
               ? codeOf(work, trade)
               : answerOf("NUMBER_USED", work.call.number, Json::object());
}

Answer Trades::codeOf(const Work& work, const Trade& trade) const
{
    const std::string address = with_.public_url + "/qr/" + trade.code;
    Answer answer = answerOf("OK", trade.number, {{"qr_code", address}});
    if (work.call.method == "page") {
        answer.kind = "redirection";
        answer.bytes = address;
    }
    return answer;
}

Answer Trades::close(const Work& work, Trade trade) const
{
    if (trade.paid_ms != 0) {
        return answerOf("ALREADY_PAID", trade.number, Json::object());
    }
    if (trade.state != TradeState::Closed) {
        trade.state = TradeState::Closed;
        trade.close_reason = "merchant";
        trade.closed_ms = realNowMs();
        work.book.update(trade);
    }
    return answerOf("OK", trade.number, {{"state", "closed"}});
}

Answer Trades::refund(const Work& work, Trade trade) const
{
    const std::string number = textOf(work.call.content, "refund_number");
    const std::int64_t amount_minor = amountOf(work.call.content);
    if (number.empty() || amount_minor < 1) {
        return answerOf("MALFORMED", trade.number, Json::object());
    }
    if (const auto known = work.book.findRefund(trade.id, number)) {
        return known->amount_minor == amount_minor
                   ? answerOf(trade, *known)
                   : answerOf("NOT_REFUNDABLE", trade.number, Json::object());
    }
    if (trade.state != TradeState::Paid ||
        amount_minor > trade.amount_minor - trade.refunded_minor) {
        return answerOf("NOT_REFUNDABLE", trade.number, Json::object());
    }
    Refund refund;
    refund.request_number = number;
    refund.amount_minor = amount_minor;
    refund.reason = textOf(work.call.content, "reason");
    refund.state = settings_.refund_takes_ms > 0 ? RefundState::Processing : RefundState::Done;
    refund.due_ms = with_.clock.nowMs() + settings_.refund_takes_ms;
    return startRefund(provider_, work.book, trade, refund)
               ? answerOf(trade, refund)
               : answerOf("BALANCE_TOO_LOW", trade.number, Json::object());
}

Answer Trades::refundQuery(const Work& work, Trade trade) const
{
    auto refund = work.book.findRefund(trade.id, textOf(work.call.content, "refund_number"));
    if (!refund) {
        return answerOf("NOT_FOUND", trade.number, Json::object());
    }
    if (refund->state == RefundState::Processing && refund->due_ms <= with_.clock.nowMs()) {
        endRefund(provider_, work.book, trade, *refund, RefundState::Done);
    }
    return answerOf(trade, *refund);
}

} // namespace simulated
