// What requests about payments and what gives them back do to the books, one transaction per call.
#pragma once

#include "core/provider.hpp"
#include "unionpay/fields.hpp"
#include "unionpay/settings.hpp"

namespace hub::simulator::unionpay {

/// The provider knows an order by merId, orderId and txnTime. The books keep it under its orderId;
/// one with the same orderId and another txnTime is another order, under "orderId@txnTime".
class Trades {
public:
    /// `provider` is the one whose trades these are; it tells what happened.
    Trades(const Settings& settings, const Surroundings& surroundings, const Provider& provider);

    /// Applies a call that has passed the gate.
    Answer book(const Call& call) const;

private:
    /// One call under way.
    struct Work {
        Book& book;
        const Call& call;
        const Merchant& merchant;
        const Fields& fields;
    };

    Answer create(const Work& work) const;
    Trade newTrade(const Work& work, std::int64_t amount_minor) const;
    Answer repeat(const Work& work, const Trade& trade) const;
    Answer codeAnswer(const Work& work, const Trade& trade) const;
    std::int64_t endMs(const Work& work) const;
    Answer query(const Work& work) const;
    Answer queryById(const Work& work) const;
    Answer describe(const Trade& trade) const;
    Answer describe(const Work& work, Refund refund) const;
    Refund newReturn(const Work& work, bool is_undo) const;
    Answer giveBack(const Work& work, bool is_undo) const;
    std::optional<Answer> findOriginal(const Work& work, std::optional<Trade>& trade) const;
    std::optional<Answer> objectionToRefund(const Work& work, const Trade& trade) const;
    std::optional<Answer> objectionToUndo(const Work& work, const Trade& trade) const;

    std::optional<Trade>
    find(const Work& work, const std::string& order_id, const std::string& txn_time) const;
    std::optional<Refund>
    findReturn(const Work& work, const std::string& order_id, const std::string& txn_time) const;
    std::optional<Trade> findPaid(const Work& work, const std::string& query_id) const;

    const Settings& settings_;
    const Surroundings& with_;
    const Provider& provider_;
};

} // namespace hub::simulator::unionpay
