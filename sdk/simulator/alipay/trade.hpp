// What Alipay's methods do to the books, one transaction per call.
#pragma once

#include "alipay/settings.hpp"
#include "core/provider.hpp"

namespace hub::simulator::alipay {

class Trades {
public:
    /// `provider` is the one whose trades these are; it tells what happened.
    Trades(const Settings& settings, const Surroundings& surroundings, const Provider& provider);

    /// Judges the content and applies it. The call has passed the gateway.
    Answer book(const Call& call) const;

private:
    /// One call under way.
    struct Work {
        Book& book;
        const Call& call;
        const App& app;
    };

    Answer order(const Work& work) const;
    std::optional<std::string_view> objectionToOrder(const Work& work) const;
    Trade newTrade(const Work& work) const;
    Answer repeatOrder(const Work& work, Trade trade) const;
    /// The code, or the page that the browser is led to.
    Answer orderAnswer(const Work& work, const Trade& trade) const;
    Answer query(const Work& work) const;
    Answer cancel(const Work& work) const;
    Answer close(const Work& work) const;
    Answer refund(const Work& work) const;
    Answer refundQuery(const Work& work) const;

    std::optional<Trade> find(const Work& work) const;
    void end(const Work& work, Trade& trade, std::string_view reason) const;
    /// Moves the money back; false when the seller hasn't got it.
    bool payBack(const Work& work,
                 Trade& trade,
                 std::string_view request,
                 std::int64_t amount_minor) const;
    Answer refuse(const Work& work, std::string_view sub_code) const;
    Answer
    refundAnswer(const Work& work, const Trade& trade, const Refund& refund, bool moved) const;

    const Settings& settings_;
    const Surroundings& with_;
    const Provider& provider_;
};

} // namespace hub::simulator::alipay
