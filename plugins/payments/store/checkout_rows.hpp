// CheckoutRows: the table of checkouts.
#pragma once

#include "domain/checkout.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>

namespace payments {

class CheckoutRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit CheckoutRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Checkout> find(const std::string& token) const;
    /// The newest of a payment.
    std::optional<Checkout> newestOf(const std::string& payment_id) const;
    void insert(const Checkout& checkout) const;
    void save(const Checkout& checkout) const;

private:
    std::optional<Checkout> select(const std::string& where, const std::string& value) const;

    const hub::Snapshot& snapshot_;
};

} // namespace payments
