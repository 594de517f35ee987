#include "core/wallet.hpp"

#include "core/refunds.hpp"

#include <iterator>
#include <stdexcept>
#include <utility>

namespace hub::simulator {

void bringUpToDate(const Provider& provider, const TestClock& clock, Book& book, Trade& trade)
{
    const std::int64_t now_ms = clock.nowMs();
    const bool is_unpaid = trade.state == TradeState::Waiting ||
                           (trade.state == TradeState::Issued && provider.keepsUnopenedOrders());
    if (is_unpaid && trade.expires_ms <= now_ms) {
        trade.state = TradeState::Closed;
        trade.close_reason = "timeout";
        trade.closed_ms = realNowMs();
    } else if (trade.state == TradeState::Paid &&
               trade.paid_due_ms + provider.refundWindowMs() <= now_ms) {
        trade.state = TradeState::Finished;
    } else {
        return;
    }
    book.update(trade);
    provider.tell(book, trade, nullptr);
}

Wallet::Wallet(Books& books, const TestClock& clock, const Providers& providers)
    : books_(books)
    , clock_(clock)
    , providers_(providers)
{}

const Provider& Wallet::providerOf(const Trade& trade) const
{
    for (const auto& provider : providers_) {
        if (provider->name() == trade.provider) {
            return *provider;
        }
    }
    throw std::runtime_error("the books name the provider \"" + trade.provider +
                             "\", which simulator.json does not; add its section again");
}

std::string Wallet::findCode(std::string_view number_or_address)
{
    return books_.transact([&](Book& book) {
        if (const auto trade = book.findByNumberOfAny(number_or_address)) {
            return trade->code;
        }
        // The code ends every provider's address, as a part of the path or as a value.
        const auto before = number_or_address.find_last_of("/=");
        const auto code = before == std::string_view::npos ? number_or_address
                                                           : number_or_address.substr(before + 1);
        return book.findByCode(code) ? std::string(code) : std::string{};
    });
}

template <typename Step>
Result<Trade> Wallet::act(std::string_view code, Step&& step)
{
    return books_.transact([&](Book& book) -> Result<Trade> {
        auto trade = book.findByCode(code);
        if (!trade) {
            return Error{HUB_NOT_FOUND, "There is no such code. / 该二维码不存在。"};
        }
        bringUpToDate(providerOf(*trade), clock_, book, *trade);
        return step(book, std::move(*trade));
    });
}

Result<Trade> Wallet::look(std::string_view code)
{
    return act(code, [](Book&, Trade trade) -> Result<Trade> { return trade; });
}

Result<Trade> Wallet::openIn(Book& book, Trade trade)
{
    if (trade.state == TradeState::Voided) {
        return Error{HUB_REJECTED, "The merchant canceled this order. / 商家已取消该订单。"};
    }
    if (trade.state == TradeState::Closed) {
        return Error{HUB_REJECTED, "This order is closed. / 该订单已关闭。"};
    }
    if (trade.state != TradeState::Issued) {
        return trade;
    }
    if (trade.code_expires_ms <= clock_.nowMs()) {
        return Error{HUB_REJECTED, "This code has expired. / 二维码已过期。"};
    }
    trade.state = TradeState::Waiting;
    trade.provider_number = providerOf(trade).newProviderNumber();
    trade.opened_ms = realNowMs();
    book.update(trade);
    providerOf(trade).tell(book, trade, nullptr);
    return trade;
}

Result<Trade> Wallet::open(std::string_view code)
{
    return act(code, [this](Book& book, Trade trade) { return openIn(book, std::move(trade)); });
}

Result<Trade> Wallet::pay(std::string_view code)
{
    return act(code, [this](Book& book, Trade found) -> Result<Trade> {
        auto opened = openIn(book, std::move(found));
        if (!opened || opened.value().state != TradeState::Waiting) {
            return opened;
        }
        Trade& trade = opened.value();
        trade.state = TradeState::Paid;
        trade.paid_ms = realNowMs();
        trade.paid_due_ms = clock_.nowMs();
        book.update(trade);
        book.changeBalance(trade.provider, trade.seller, trade.amount_minor);
        providerOf(trade).tell(book, trade, nullptr);
        return trade;
    });
}

Result<Trade> Wallet::decline(std::string_view code)
{
    return act(code, [this](Book& book, Trade found) -> Result<Trade> {
        auto opened = openIn(book, std::move(found));
        if (!opened) {
            return opened;
        }
        Trade& trade = opened.value();
        if (trade.state != TradeState::Waiting) {
            return Error{HUB_REJECTED, "This order is paid already. / 该订单已支付。"};
        }
        trade.state = TradeState::Closed;
        trade.close_reason = "payer";
        trade.closed_ms = realNowMs();
        book.update(trade);
        providerOf(trade).tell(book, trade, nullptr);
        return trade;
    });
}

Result<Refund> Wallet::endRefund(std::string_view request_number, RefundState outcome)
{
    return books_.transact([&](Book& book) -> Result<Refund> {
        auto refund = book.findRefundOfAny(request_number);
        if (!refund) {
            return Error{HUB_NOT_FOUND, "There is no such refund. / 该退款不存在。"};
        }
        if (refund->state != RefundState::Processing) {
            return Error{HUB_REJECTED, "This refund has ended already. / 该退款已结束。"};
        }
        Trade trade = book.findById(refund->trade).value();
        simulator::endRefund(providerOf(trade), book, trade, *refund, outcome);
        return *refund;
    });
}

void Wallet::settleDue()
{
    while (settleSome()) {}
}

bool Wallet::settleSome()
{
    constexpr std::int64_t kAtOnce = 200;
    const std::int64_t now_ms = clock_.nowMs();
    return books_.transact([&](Book& book) {
        const auto refunds = book.dueRefunds(now_ms, kAtOnce);
        bool more = std::ssize(refunds) == kAtOnce;
        for (Refund refund : refunds) {
            Trade trade = book.findById(refund.trade).value();
            simulator::endRefund(providerOf(trade), book, trade, refund, RefundState::Done);
        }
        for (const auto& provider : providers_) {
            auto due = book.dueForClosing(
                provider->name(), provider->keepsUnopenedOrders(), now_ms, kAtOnce);
            more = more || std::ssize(due) >= kAtOnce;
            for (Trade& trade : due) {
                bringUpToDate(*provider, clock_, book, trade);
            }
            const std::int64_t paid_before_ms = now_ms - provider->refundWindowMs();
            due = book.dueForFinishing(provider->name(), paid_before_ms, kAtOnce);
            more = more || std::ssize(due) == kAtOnce;
            for (Trade& trade : due) {
                bringUpToDate(*provider, clock_, book, trade);
            }
        }
        return more;
    });
}

} // namespace hub::simulator
