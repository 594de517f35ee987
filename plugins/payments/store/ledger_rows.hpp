// The ledger's tables, and the two sides that `ledger check` compares: what the bookings add up
// to, and what the state tables say it must be.
#pragma once

#include "domain/ledger.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace payments {

/// (account, currency) -> minor units, debits positive; without zeros.
using Balances = std::map<std::pair<std::string, std::string>, std::int64_t>;

class LedgerRows {
public:
    explicit LedgerRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    /// Throws std::logic_error when the booking is not balanced.
    void insert(const Booking& booking,
                std::int64_t booking_id,
                const std::string& edition,
                const std::string& payment_id,
                const std::string& number,
                std::int64_t time_ms) const;

    std::int64_t bookingCount() const;
    /// Numbers of bookings whose lines do not add up to zero in some currency, and of bookings
    /// without lines.
    std::vector<std::int64_t> unbalanced() const;
    Balances balances() const;
    /// The balances as attempts and refunds demand them.
    Balances demanded() const;

private:
    const hub::Snapshot& snapshot_;
};

} // namespace payments
