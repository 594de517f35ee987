#include "store/money_rows.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace orders {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kSeenStates = {"open", "ended", "paid"};

SeenState parseSeenState(std::string_view text)
{
    const auto found = std::find(kSeenStates.begin(), kSeenStates.end(), text);
    if (found == kSeenStates.end()) {
        throw std::invalid_argument("a row holds the state \"" + std::string{text} +
                                    "\", which this version does not know");
    }
    return static_cast<SeenState>(found - kSeenStates.begin());
}

SeenPayment toPayment(const hub::Row& row)
{
    return {row.text(0), row.text(1), parseSeenState(row.text(2)), row.integer(3)};
}

Unapplied toUnapplied(const hub::Row& row)
{
    Unapplied unapplied;
    unapplied.money.payment_id = row.text(0);
    unapplied.edition = row.text(1);
    unapplied.money.order_ref = row.text(2);
    unapplied.organization_id = row.text(3);
    unapplied.money.amount_minor = row.integer(4);
    unapplied.money.currency = row.text(5);
    unapplied.money.account = row.text(6);
    unapplied.money.attempt_number = row.text(7);
    unapplied.reason = row.text(8);
    unapplied.money.arrived_ms = row.integer(9);
    return unapplied;
}

} // namespace

std::string_view toText(SeenState state)
{
    return kSeenStates.at(static_cast<std::size_t>(state));
}

std::optional<SeenPayment> MoneyRows::payment(std::string_view payment_id) const
{
    std::optional<SeenPayment> found;
    snapshot_.query("SELECT payment_id, order_ref, state, seen_ms FROM orders_payment"
                    " WHERE partition = 0 AND payment_id = ?",
                    {payment_id},
                    [&](const hub::Row& row) { found = toPayment(row); });
    return found;
}

std::vector<SeenPayment> MoneyRows::payments(std::string_view order_ref) const
{
    std::vector<SeenPayment> found;
    snapshot_.query("SELECT payment_id, order_ref, state, seen_ms FROM orders_payment"
                    " WHERE partition = 0 AND order_ref = ? ORDER BY seen_ms, payment_id",
                    {order_ref},
                    [&](const hub::Row& row) { found.push_back(toPayment(row)); });
    return found;
}

void MoneyRows::insert(const SeenPayment& payment) const
{
    snapshot_.execute(
        "INSERT INTO orders_payment (partition, payment_id, order_ref, state,"
        " seen_ms) VALUES (0, ?, ?, ?, ?)",
        {payment.payment_id, payment.order_ref, toText(payment.state), payment.seen_ms});
}

void MoneyRows::save(const SeenPayment& payment) const
{
    snapshot_.execute("UPDATE orders_payment SET state = ? WHERE partition = 0 AND payment_id = ?",
                      {toText(payment.state), payment.payment_id});
}

std::optional<CheckoutWish> MoneyRows::wish(std::string_view number) const
{
    std::optional<CheckoutWish> found;
    snapshot_.query("SELECT number, wished_ms, answered_ms, declined_code"
                    " FROM orders_checkout_wish WHERE partition = 0 AND number = ?",
                    {number},
                    [&](const hub::Row& row) {
                        found = {row.text(0), row.integer(1), row.integer(2), row.text(3)};
                    });
    return found;
}

void MoneyRows::save(const CheckoutWish& wish) const
{
    snapshot_.execute("INSERT INTO orders_checkout_wish (partition, number, wished_ms,"
                      " answered_ms, declined_code) VALUES (0, ?, ?, ?, ?)"
                      " ON CONFLICT (partition, number) DO UPDATE SET"
                      " wished_ms = excluded.wished_ms, answered_ms = excluded.answered_ms,"
                      " declined_code = excluded.declined_code",
                      {wish.number, wish.wished_ms, wish.answered_ms, wish.declined_code});
}

void MoneyRows::insert(const Unapplied& unapplied) const
{
    const Money& money = unapplied.money;
    snapshot_.execute("INSERT INTO orders_unapplied (partition, payment_id, edition, order_ref,"
                      " organization_id, amount_minor, currency, account, attempt_number, reason,"
                      " arrived_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {money.payment_id,
                       unapplied.edition,
                       money.order_ref,
                       unapplied.organization_id,
                       money.amount_minor,
                       money.currency,
                       money.account,
                       money.attempt_number,
                       unapplied.reason,
                       money.arrived_ms});
}

std::vector<Unapplied> MoneyRows::unapplied(std::string_view order_ref, std::int64_t limit) const
{
    std::vector<Unapplied> found;
    snapshot_.query("SELECT payment_id, edition, order_ref, organization_id, amount_minor,"
                    " currency, account, attempt_number, reason, arrived_ms FROM orders_unapplied"
                    " WHERE partition = 0 AND (CAST(? AS TEXT) = '' OR order_ref = ?)"
                    " ORDER BY arrived_ms DESC, payment_id DESC LIMIT ?",
                    {order_ref, order_ref, limit},
                    [&](const hub::Row& row) { found.push_back(toUnapplied(row)); });
    return found;
}

void MoneyRows::insert(const Exception& exception) const
{
    snapshot_.execute("INSERT INTO orders_exception (partition, exception_id, edition,"
                      " organization_id, until_ms, reason, granted_by, granted_ms)"
                      " VALUES (0, ?, ?, ?, ?, ?, ?, ?)",
                      {exception.exception_id,
                       exception.edition,
                       exception.organization_id,
                       exception.until_ms,
                       exception.reason,
                       exception.granted_by,
                       exception.granted_ms});
}

std::vector<Exception> MoneyRows::exceptions(std::string_view edition,
                                             std::string_view organization_id) const
{
    std::vector<Exception> found;
    snapshot_.query("SELECT exception_id, edition, organization_id, until_ms, reason, granted_by,"
                    " granted_ms FROM orders_exception WHERE partition = 0 AND edition = ?"
                    " AND organization_id = ? ORDER BY granted_ms, exception_id",
                    {edition, organization_id},
                    [&](const hub::Row& row) {
                        found.push_back({row.text(0),
                                         row.text(1),
                                         row.text(2),
                                         row.integer(3),
                                         row.text(4),
                                         row.text(5),
                                         row.integer(6)});
                    });
    return found;
}

std::int64_t MoneyRows::grantedUntilMs(std::string_view edition,
                                       std::string_view organization_id) const
{
    std::int64_t until_ms = 0;
    for (const Exception& exception : exceptions(edition, organization_id)) {
        until_ms = std::max(until_ms, exception.until_ms);
    }
    return until_ms;
}

} // namespace orders
