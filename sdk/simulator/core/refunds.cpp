#include "core/refunds.hpp"

namespace hub::simulator {

bool startRefund(const Provider& provider, Book& book, Trade& trade, Refund& refund)
{
    if (book.balance(trade.provider, trade.seller) < refund.amount_minor) {
        return false;
    }
    refund.trade = trade.id;
    refund.booked_ms = realNowMs();
    refund.settled_ms = refund.state == RefundState::Done ? refund.booked_ms : 0;
    book.insert(refund);
    book.changeBalance(trade.provider, trade.seller, -refund.amount_minor);
    trade.refunded_minor += refund.amount_minor;
    if (trade.refunded_minor == trade.amount_minor) {
        trade.state = TradeState::Closed;
        trade.close_reason = "refund";
        trade.closed_ms = refund.booked_ms;
    }
    book.update(trade);
    provider.tell(book, trade, &refund);
    return true;
}

void endRefund(
    const Provider& provider, Book& book, Trade& trade, Refund& refund, RefundState outcome)
{
    refund.state = outcome;
    refund.settled_ms = realNowMs();
    book.update(refund);
    if (outcome == RefundState::Dropped) {
        book.changeBalance(trade.provider, trade.seller, refund.amount_minor);
        trade.refunded_minor -= refund.amount_minor;
        if (trade.state == TradeState::Closed && trade.close_reason == "refund") {
            trade.state = TradeState::Paid;
            trade.close_reason.clear();
            trade.closed_ms = 0;
        }
        book.update(trade);
    }
    provider.tell(book, trade, &refund);
}

} // namespace hub::simulator
