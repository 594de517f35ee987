#include "store/ledger_rows.hpp"

#include <stdexcept>

namespace payments {

namespace {

void dropZeros(Balances& balances)
{
    std::erase_if(balances, [](const auto& entry) { return entry.second == 0; });
}

} // namespace

void LedgerRows::insert(const Booking& booking,
                        std::int64_t booking_id,
                        const std::string& edition,
                        const std::string& payment_id,
                        const std::string& number,
                        std::int64_t time_ms) const
{
    if (!isBalanced(booking)) {
        throw std::logic_error("the booking " + booking.cause + " of " + number +
                               " is not balanced");
    }
    snapshot_.execute("INSERT INTO payments_booking (partition, booking_id, edition, payment_id,"
                      " number, cause, time_ms) VALUES (0, ?, ?, ?, ?, ?, ?)",
                      {booking_id, edition, payment_id, number, booking.cause, time_ms});
    std::int64_t line_number = 0;
    for (const Line& line : booking.lines) {
        snapshot_.execute(
            "INSERT INTO payments_booking_line (partition, booking_id, line,"
            " account, currency, amount_minor) VALUES (0, ?, ?, ?, ?, ?)",
            {booking_id, ++line_number, line.account, booking.currency, line.amount_minor});
    }
}

std::int64_t LedgerRows::bookingCount() const
{
    std::int64_t count = 0;
    snapshot_.query("SELECT COUNT(*) FROM payments_booking WHERE partition = 0",
                    {},
                    [&](const hub::Row& row) { count = row.integer(0); });
    return count;
}

std::vector<std::int64_t> LedgerRows::unbalanced() const
{
    std::vector<std::int64_t> found;
    const auto collect = [&](const hub::Row& row) {
        found.push_back(row.integer(0));
    };
    snapshot_.query("SELECT DISTINCT booking_id FROM (SELECT booking_id, currency"
                    " FROM payments_booking_line WHERE partition = 0"
                    " GROUP BY booking_id, currency HAVING SUM(amount_minor) <> 0) AS crooked",
                    {},
                    collect);
    snapshot_.query("SELECT b.booking_id FROM payments_booking b WHERE b.partition = 0 AND NOT"
                    " EXISTS (SELECT 1 FROM payments_booking_line l"
                    " WHERE l.partition = 0 AND l.booking_id = b.booking_id)",
                    {},
                    collect);
    return found;
}

Balances LedgerRows::balances() const
{
    Balances balances;
    snapshot_.query("SELECT account, currency, CAST(SUM(amount_minor) AS BIGINT)"
                    " FROM payments_booking_line WHERE partition = 0 GROUP BY account, currency",
                    {},
                    [&](const hub::Row& row) {
                        balances[{row.text(0), row.text(1)}] = row.integer(2);
                    });
    dropZeros(balances);
    return balances;
}

Balances LedgerRows::demanded() const
{
    Balances balances;
    snapshot_.query("SELECT account, currency, application, CAST(SUM(amount_minor) AS BIGINT)"
                    " FROM payments_attempt WHERE partition = 0 AND state = 'paid'"
                    " GROUP BY account, currency, application",
                    {},
                    [&](const hub::Row& row) {
                        const std::string currency = row.text(1);
                        const auto counter = counterAccountOf(parseApplication(row.text(2)));
                        balances[{receivableOf(row.text(0)), currency}] += row.integer(3);
                        balances[{std::string{counter}, currency}] -= row.integer(3);
                    });
    snapshot_.query("SELECT r.account, r.currency, a.application, r.state,"
                    " CAST(SUM(r.amount_minor) AS BIGINT)"
                    " FROM payments_refund r JOIN payments_attempt a"
                    " ON a.partition = r.partition AND a.number = r.attempt_number"
                    " WHERE r.partition = 0 AND r.state <> 'failed'"
                    " GROUP BY r.account, r.currency, a.application, r.state",
                    {},
                    [&](const hub::Row& row) {
                        const std::string currency = row.text(1);
                        const auto counter = counterAccountOf(parseApplication(row.text(2)));
                        const std::string credited = row.text(3) == "succeeded"
                                                         ? receivableOf(row.text(0))
                                                         : std::string{kRefundsPayable};
                        balances[{std::string{counter}, currency}] += row.integer(4);
                        balances[{credited, currency}] -= row.integer(4);
                    });
    snapshot_.query("SELECT account, currency, kind, CAST(SUM(amount_minor) AS BIGINT)"
                    " FROM payments_exception WHERE partition = 0 AND booked = 1"
                    " GROUP BY account, currency, kind",
                    {},
                    [&](const hub::Row& row) {
                        const std::string currency = row.text(1);
                        const std::int64_t amount =
                            row.text(2) == "their_payment" ? row.integer(3) : -row.integer(3);
                        balances[{receivableOf(row.text(0)), currency}] += amount;
                        balances[{suspenseOf(row.text(0)), currency}] -= amount;
                    });
    dropZeros(balances);
    return balances;
}

} // namespace payments
