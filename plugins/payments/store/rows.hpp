// Rows: the plugin's tables. All SQL of payments, attempts, refunds, calls and the timeline is
// here and in ledger_rows; the rules are elsewhere. Works on a unit or on a snapshot.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace payments {

/// A page of payments, newest first.
struct PaymentFilter {
    std::string order_ref;           // empty: all
    std::string shown;               // empty: all
    std::int64_t before_ordinal = 0; // 0: from the newest
    std::int64_t limit = 50;
};

class Rows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit Rows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    /// Counters that only grow. Units only.
    std::int64_t nextOf(const std::string& sequence) const;
    /// False when the number was given out before.
    bool takeNumber(const std::string& number, const std::string& kind) const;

    std::optional<Payment> payment(const std::string& payment_id) const;
    std::vector<Payment> payments(const PaymentFilter& filter) const;
    /// The payment that an attempt's or refund's number belongs to; empty when there is none.
    std::string paymentOf(const std::string& number) const;
    /// Open payments show the state of their current attempt: creating, checking, waiting, unpaid.
    std::string shownState(const std::string& payment_id) const;
    void insert(const Payment& payment) const;
    void save(const Payment& payment) const;
    /// Another payment of the same order holds money that did not go back.
    bool orderIsPaidBesides(const Payment& payment) const;

    std::optional<Attempt> attempt(const std::string& number) const;
    std::vector<Attempt> attempts(const std::string& payment_id) const;
    /// Amounts of the attempts that began at the account since then.
    std::int64_t begunSince(const std::string& account, std::int64_t since_ms) const;
    void insert(const Attempt& attempt) const;
    void save(const Attempt& attempt) const;

    std::optional<Refund> refund(const std::string& number) const;
    std::vector<Refund> refunds(const std::string& payment_id) const;
    std::vector<Refund> refundsOf(const std::string& attempt_number) const;
    void insert(const Refund& refund) const;
    void save(const Refund& refund) const;

    std::optional<ProviderCall> call(std::int64_t call_id) const;
    void insert(const ProviderCall& call) const;
    void markAnswered(std::int64_t call_id) const;
    bool hasOpenCall(const std::string& number, const std::string& operation) const;
    /// 0 when there was none.
    std::int64_t lastCallMs(const std::string& number, const std::string& operation) const;

    void insert(const Payment& payment, const Transition& transition) const;
    std::vector<Transition> transitions(const std::string& payment_id) const;

private:
    std::vector<Payment> selectPayments(const std::string& where,
                                        std::initializer_list<hub::Parameter> parameters) const;
    std::vector<Attempt> selectAttempts(const std::string& where, const std::string& value) const;
    std::vector<Refund> selectRefunds(const std::string& where, const std::string& value) const;

    const hub::Snapshot& snapshot_;
};

} // namespace payments
