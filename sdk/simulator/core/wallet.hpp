// What a person does with a code, and what time does to a trade. Every transition of a trade that
// the merchant does not cause is here.
#pragma once

#include "core/provider.hpp"

#include <hub/result.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

using Providers = std::vector<std::unique_ptr<Provider>>;

/// Closes or finishes the trade when the test clock says so, and queues what that causes.
void bringUpToDate(const Provider& provider, const TestClock& clock, Book& book, Trade& trade);

/// Thread-safe. Errors are HUB_REJECTED with a sentence for the person.
class Wallet {
public:
    Wallet(Books& books, const TestClock& clock, const Providers& providers);

    /// A code's last part, for a merchant's number or a code's whole address; empty if unknown.
    std::string findCode(std::string_view number_or_address);

    /// Looks without touching; the error says that there is no such code.
    Result<Trade> look(std::string_view code);
    /// The provider creates its trade. Opening an open one changes nothing.
    Result<Trade> open(std::string_view code);
    /// Paying a paid one changes nothing.
    Result<Trade> pay(std::string_view code);
    /// The payer closes the order.
    Result<Trade> decline(std::string_view code);

    /// What befalls a refund that is under way, by the merchant's number.
    Result<Refund> endRefund(std::string_view request_number, RefundState outcome);

    /// Brings all trades and refunds whose time has come up to date, a few in each transaction.
    void settleDue();

    const Provider& providerOf(const Trade& trade) const;

private:
    /// False when none is left.
    bool settleSome();
    template <typename Step>
    Result<Trade> act(std::string_view code, Step&& step);
    Result<Trade> openIn(Book& book, Trade trade);

    Books& books_;
    const TestClock& clock_;
    const Providers& providers_;
};

} // namespace hub::simulator
