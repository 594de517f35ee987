// What requests about orders and refunds do to the books, one transaction per call.
#pragma once

#include "core/provider.hpp"
#include "wechat/settings.hpp"

namespace hub::simulator::wechat {

class Trades {
public:
    /// `provider` is the one whose trades these are; it tells what happened.
    Trades(const Settings& settings, const Surroundings& surroundings, const Provider& provider);

    /// Judges the body and applies it. The call has passed the gate.
    Answer book(const Call& call) const;

private:
    /// One call under way.
    struct Work {
        Book& book;
        const Call& call;
        const Merchant& merchant;
    };

    Answer create(const Work& work) const;
    std::optional<Answer> objectionTo(const Work& work) const;
    Answer repeat(const Work& work, Trade trade, const std::string& content) const;
    Answer codeAnswer(const Work& work, const Trade& trade) const;
    std::int64_t codeEndMs(const Work& work) const;
    std::int64_t orderEndMs(const Work& work) const;
    Answer query(const Work& work) const;
    Answer close(const Work& work) const;
    Answer refund(const Work& work) const;
    std::optional<Answer> objectionToRefunding(const Work& work, const Trade& trade) const;
    Answer refundQuery(const Work& work) const;
    std::optional<Trade> find(const Work& work, std::string_view number) const;
    std::optional<Trade> findPaid(const Work& work, std::string_view transaction_id) const;

    const Settings& settings_;
    const Surroundings& with_;
    const Provider& provider_;
};

} // namespace hub::simulator::wechat
