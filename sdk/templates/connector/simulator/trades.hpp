// What the provider does with a request that it believes: orders, their ends, refunds.
#pragma once

#include "settings.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <core/provider.hpp>

namespace simulated {

/// An answer of the provider: `code` and what else it says.
hub::simulator::Answer
answerOf(std::string_view code, std::string_view number, hub::simulator::Json fields);

/// What the provider says of a trade, in answers and callbacks.
hub::simulator::Json factsOf(const hub::simulator::Trade& trade);

/// Thread-safe.
class Trades {
public:
    Trades(const Settings& settings,
           const hub::simulator::Surroundings& with,
           const hub::simulator::Provider& provider);

    /// `call.method` is the operation, `call.content` the body, `call.app` the merchant.
    hub::simulator::Answer book(const hub::simulator::Call& call) const;

private:
    struct Work {
        hub::simulator::Book& book;
        const hub::simulator::Call& call;
        const Merchant& merchant;
    };

    hub::simulator::Answer create(const Work& work) const;
    hub::simulator::Answer repeat(const Work& work, const hub::simulator::Trade& trade) const;
    hub::simulator::Answer codeOf(const Work& work, const hub::simulator::Trade& trade) const;
    hub::simulator::Answer close(const Work& work, hub::simulator::Trade trade) const;
    hub::simulator::Answer refund(const Work& work, hub::simulator::Trade trade) const;
    hub::simulator::Answer refundQuery(const Work& work, hub::simulator::Trade trade) const;
    std::optional<hub::simulator::Trade> find(const Work& work) const;

    const Settings& settings_;
    const hub::simulator::Surroundings& with_;
    const hub::simulator::Provider& provider_;
};

} // namespace simulated
