#include "wechat/trade.hpp"

#include "core/refunds.hpp"
#include "core/wallet.hpp"
#include "wechat/codes.hpp"
#include "wechat/content.hpp"
#include "wechat/gateway.hpp"
#include "wechat/words.hpp"

#include <algorithm>

namespace hub::simulator::wechat {

namespace {

constexpr std::size_t kCodeSize = 24;
constexpr std::size_t kRefundsMax = 50;

bool isPaid(const Trade& trade)
{
    return trade.state == TradeState::Paid || trade.state == TradeState::Finished;
}

/// The body in a form in which two orders are the same exactly when their texts are: nlohmann's
/// unordered object sorts its members.
std::string normalForm(const Json& content, std::string_view method)
{
    nlohmann::json sorted = nlohmann::json::parse(content.dump());
    sorted["trade_type"] = method == kJsapi ? "JSAPI" : method == kH5 ? "MWEB" : "NATIVE";
    return sorted.dump();
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
        const Work work{book, call, merchant};
        if (call.method == kQuery || call.method == kQueryById) {
            return query(work);
        }
        if (call.method == kClose) {
            return close(work);
        }
        if (call.method == kRefund) {
            return refund(work);
        }
        return call.method == kRefundQuery ? refundQuery(work) : create(work);
    });
}

std::optional<Trade> Trades::find(const Work& work, std::string_view number) const
{
    auto trade = work.book.findByNumber(provider_.name(), work.merchant.mchid, number);
    if (trade) {
        bringUpToDate(provider_, with_.clock, work.book, *trade);
    }
    return trade;
}

/// A trade has its number from opening on, but nobody is told before it is paid.
std::optional<Trade> Trades::findPaid(const Work& work, std::string_view transaction_id) const
{
    auto trade =
        work.book.findByProviderNumber(provider_.name(), work.merchant.mchid, transaction_id);
    if (!trade || trade->paid_ms == 0) {
        return std::nullopt;
    }
    bringUpToDate(provider_, with_.clock, work.book, *trade);
    return trade;
}

std::optional<Answer> Trades::objectionTo(const Work& work) const
{
    const Json& content = work.call.content;
    const auto& appids = work.merchant.appids;
    if (const auto member = objectionToOrder(content, work.call.method); !member.empty()) {
        return refusal("PARAM_ERROR", member);
    }
    if (textOf(content, "mchid") != work.merchant.mchid) {
        return refusal("PARAM_ERROR", "商户号与签名商户号不一致");
    }
    if (std::find(appids.begin(), appids.end(), textOf(content, "appid")) == appids.end()) {
        return refusal("APPID_MCHID_NOT_MATCH");
    }
    if (work.merchant.blocked) {
        return refusal("ACCOUNT_ERROR");
    }
    if (amountOf(content, "total") > work.merchant.limit_minor) {
        return refusal("RULE_LIMIT", "订单金额超过限额");
    }
    if (content.contains("time_expire") &&
        *parseRfc3339(textOf(content, "time_expire")) <= realNowMs()) {
        return refusal("PARAM_ERROR", "time_expire");
    }
    if (work.call.method == kJsapi && textOf(content["payer"], "openid") != settings_.openid) {
        return refusal("OPENID_MISMATCH");
    }
    return std::nullopt;
}

/// When the order ends by the test clock. An absolute time is real time, so its distance counts.
std::int64_t Trades::orderEndMs(const Work& work) const
{
    const auto at_ms = parseRfc3339(textOf(work.call.content, "time_expire"));
    return with_.clock.nowMs() +
           (at_ms ? std::max<std::int64_t>(*at_ms - realNowMs(), 0) : settings_.order_life_ms);
}

std::int64_t Trades::codeEndMs(const Work& work) const
{
    const std::int64_t life_ms =
        work.call.method == kH5 ? settings_.h5_life_ms : settings_.code_life_ms;
    return std::min(with_.clock.nowMs() + life_ms, orderEndMs(work));
}

Answer Trades::codeAnswer(const Work& work, const Trade& trade) const
{
    if (work.call.method == kJsapi) {
        return success({{"prepay_id", "wx" + trade.code}});
    }
    if (work.call.method == kH5) {
        return success(
            {{"h5_url",
              with_.public_url + "/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx" + trade.code}});
    }
    return success({{"code_url",
                     settings_.code_is_web ? with_.public_url + "/qr/" + trade.code
                                           : "weixin://wxpay/bizpayurl?pr=" + trade.code}});
}

Answer Trades::create(const Work& work) const
{
    if (auto objection = objectionTo(work)) {
        return *objection;
    }
    const Json& body = work.call.content;
    const std::string content = normalForm(body, work.call.method);
    if (auto known = find(work, work.call.number)) {
        return repeat(work, std::move(*known), content);
    }
    Trade trade;
    trade.provider = provider_.name();
    trade.seller = work.merchant.mchid;
    trade.app = textOf(body, "appid");
    trade.number = work.call.number;
    trade.code = randomToken(kCodeSize);
    trade.amount_minor = amountOf(body, "total");
    trade.subject = textOf(body, "description");
    trade.content = content;
    trade.notify_url = textOf(body, "notify_url");
    trade.created_ms = realNowMs();
    trade.code_expires_ms = codeEndMs(work);
    trade.expires_ms = orderEndMs(work);
    work.book.insert(trade);
    return codeAnswer(work, trade);
}

Answer Trades::repeat(const Work& work, Trade trade, const std::string& content) const
{
    if (isPaid(trade) || trade.close_reason == "refund") {
        return refusal("OUT_TRADE_NO_USED");
    }
    if (trade.state == TradeState::Closed) {
        return refusal("ORDER_CLOSED");
    }
    if (trade.content != content) {
        return refusal("INVALID_REQUEST", "请求重入时，参数与首次请求时不一致");
    }
    if (trade.state == TradeState::Issued && trade.code_expires_ms <= with_.clock.nowMs()) {
        // Nobody opened the old code in time; the order lives on with another one.
        trade.code = randomToken(kCodeSize);
        trade.code_expires_ms = std::min(codeEndMs(work), trade.expires_ms);
        work.book.update(trade);
    }
    return codeAnswer(work, trade);
}

Answer Trades::query(const Work& work) const
{
    const auto& parameters = work.call.parameters;
    const auto mchid = parameters.find("mchid");
    if (mchid == parameters.end() || mchid->second != work.merchant.mchid) {
        return refusal("PARAM_ERROR", "mchid");
    }
    const auto trade = work.call.method == kQuery ? find(work, work.call.number)
                                                  : findPaid(work, parameters.at("transaction_id"));
    return trade ? success(tradeFields(settings_, *trade)) : refusal("ORDER_NOT_EXIST");
}

Answer Trades::close(const Work& work) const
{
    if (textOf(work.call.content, "mchid") != work.merchant.mchid) {
        return refusal("PARAM_ERROR", "mchid");
    }
    auto trade = find(work, work.call.parameters.at("out_trade_no"));
    if (!trade) {
        return refusal("ORDER_NOT_EXIST");
    }
    if (isPaid(*trade) || trade->close_reason == "refund") {
        return refusal("INVALID_REQUEST", "该订单已支付");
    }
    if (trade->state == TradeState::Closed) {
        return refusal("ORDER_CLOSED");
    }
    trade->state = TradeState::Closed;
    trade->close_reason = "merchant";
    trade->closed_ms = realNowMs();
    work.book.update(*trade);
    return noContent();
}

std::optional<Answer> Trades::objectionToRefunding(const Work& work, const Trade& trade) const
{
    const std::int64_t now_ms = with_.clock.nowMs();
    const auto known = work.book.refundsOf(trade.id);
    if (trade.paid_ms == 0) {
        return refusal("TRADE_ERROR", "订单未支付");
    }
    if (amountOf(work.call.content, "total") != trade.amount_minor) {
        return refusal("INVALID_REQUEST", "订单金额与之前请求不一致");
    }
    if (amountOf(work.call.content, "refund") > trade.amount_minor - trade.refunded_minor) {
        return refusal("INVALID_REQUEST", "退款金额大于可退金额");
    }
    if (trade.state == TradeState::Finished) {
        return refusal("TRADE_ERROR", "订单已超过可退款期限");
    }
    if (known.size() >= kRefundsMax) {
        return refusal("RULE_LIMIT", "部分退款次数超限");
    }
    // When it was accepted by the test clock: it is due a fixed time later.
    const bool is_early =
        !known.empty() &&
        known.back().due_ms - settings_.refund_takes_ms + settings_.refund_pause_ms > now_ms;
    return is_early ? std::optional(refusal("FREQUENCY_LIMITED")) : std::nullopt;
}

Answer Trades::refund(const Work& work) const
{
    const Json& content = work.call.content;
    if (const auto member = objectionToRefund(content); !member.empty()) {
        return refusal("PARAM_ERROR", member);
    }
    auto trade = content.contains("transaction_id")
                     ? findPaid(work, textOf(content, "transaction_id"))
                     : find(work, work.call.number);
    if (!trade) {
        return refusal("RESOURCE_NOT_EXISTS", "订单不存在");
    }
    const std::string number = textOf(content, "out_refund_no");
    const std::int64_t amount_minor = amountOf(content, "refund");
    if (const auto known =
            work.book.findRefundOfSeller(provider_.name(), work.merchant.mchid, number)) {
        return known->trade == trade->id && known->amount_minor == amount_minor &&
                       amountOf(content, "total") == trade->amount_minor
                   ? success(refundFields(*trade, *known))
                   : refusal("INVALID_REQUEST", "退款单号已用于另一笔退款");
    }
    if (auto objection = objectionToRefunding(work, *trade)) {
        return *objection;
    }
    Refund refund;
    refund.request_number = number;
    refund.amount_minor = amount_minor;
    refund.reason = textOf(content, "reason");
    refund.provider_number = "5" + randomDigits(27);
    refund.state = RefundState::Processing;
    refund.notify_url = textOf(content, "notify_url");
    refund.due_ms = with_.clock.nowMs() + settings_.refund_takes_ms;
    return startRefund(provider_, work.book, *trade, refund) ? success(refundFields(*trade, refund))
                                                             : refusal("NOT_ENOUGH");
}

Answer Trades::refundQuery(const Work& work) const
{
    auto refund = work.book.findRefundOfSeller(
        provider_.name(), work.merchant.mchid, work.call.parameters.at("out_refund_no"));
    if (!refund) {
        return refusal("RESOURCE_NOT_EXISTS", "退款单不存在");
    }
    Trade trade = work.book.findById(refund->trade).value();
    if (refund->state == RefundState::Processing && refund->due_ms <= with_.clock.nowMs()) {
        endRefund(provider_, work.book, trade, *refund, RefundState::Done);
    }
    return success(refundFields(trade, *refund));
}

} // namespace hub::simulator::wechat
