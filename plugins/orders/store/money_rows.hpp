// What payments has said about money for our orders, money that pays none, and who may pay later.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orders {

std::string_view toText(SeenState state);

class MoneyRows {
public:
    /// Borrowed; lives on the stack of one unit or read, which can't write.
    explicit MoneyRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<SeenPayment> payment(std::string_view payment_id) const;
    std::vector<SeenPayment> payments(std::string_view order_ref) const;
    void insert(const SeenPayment& payment) const;
    void save(const SeenPayment& payment) const;

    std::optional<CheckoutWish> wish(std::string_view number) const;
    /// In place of the order's former one.
    void save(const CheckoutWish& wish) const;

    void insert(const Unapplied& unapplied) const;
    /// Of an order, or of all when `order_ref` is empty; newest first.
    std::vector<Unapplied> unapplied(std::string_view order_ref, std::int64_t limit) const;

    void insert(const Exception& exception) const;
    std::vector<Exception> exceptions(std::string_view edition,
                                      std::string_view organization_id) const;
    /// The latest moment that was granted; 0 for none.
    std::int64_t grantedUntilMs(std::string_view edition, std::string_view organization_id) const;

private:
    const hub::Snapshot& snapshot_;
};

} // namespace orders
