#include "burst_evidence.hpp"

#include "payments_hub.hpp"
#include "wallets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace bench {

namespace {

constexpr const char* kOpen = "state NOT IN ('paid', 'closed', 'expired')";
/// Of the providers' part in an exchange that was given up: the hub's read time-out.
constexpr double kReadTimeoutMs = 500;

struct HubPayment {
    std::string key;
    std::string state;
    std::int64_t amount_minor = 0;
    int charges = 0; // at the providers
};

struct PaidTrade {
    std::string account;
    std::int64_t amount_minor = 0;
    std::int64_t refunded_minor = 0;
};

std::string accountOf(const std::string& provider, const std::string& seller)
{
    for (const Wallet& wallet : kWallets) {
        for (std::size_t i = 0; i < wallet.sellers.size(); ++i) {
            if (provider == wallet.name && seller == wallet.sellers.at(i)) {
                return wallet.accounts.at(i);
            }
        }
    }
    return provider + "/" + seller;
}

class Comparison {
public:
    Comparison(const std::filesystem::path& hub_store,
               const std::filesystem::path& books,
               const std::vector<BurstPayment>& payments)
        : hub_(hub_store)
        , books_(books)
        , acknowledged_(payments)
    {}

    BurstEvidence compare()
    {
        readPayments();
        readTrades();
        checkAcknowledged();
        checkAttempts();
        checkOnce();
        checkLedger();
        readTimes();
        readOwnTime();
        return std::move(found_);
    }

private:
    using Row = StoreReader::Row;

    void readPayments()
    {
        hub_.query("SELECT payment_id, order_ref, state, amount_minor FROM payments_payment",
                   [&](const Row& row) {
                       payments_[row.text(0)] = {row.text(1), row.text(2), row.integer(3)};
                   });
    }

    void readTrades()
    {
        books_.query("SELECT number, provider, seller, amount_minor, refunded_minor FROM trades "
                     "WHERE paid_ms <> 0",
                     [&](const Row& row) {
                         trades_[row.text(0)] = {
                             accountOf(row.text(1), row.text(2)), row.integer(3), row.integer(4)};
                     });
    }

    void checkAcknowledged()
    {
        for (const BurstPayment& known : acknowledged_) {
            const auto found = payments_.find(known.payment_id);
            if (found == payments_.end() || found->second.key != known.key ||
                found->second.amount_minor != kAmountMinor) {
                found_.lost.push_back(known.key + " was acknowledged as " + known.payment_id +
                                      " and is not there as it was");
            }
        }
        for (const auto& [id, payment] : payments_) {
            if (payment.state != "paid" && payment.state != "closed" &&
                payment.state != "expired") {
                found_.lost.push_back(payment.key + " is still " + payment.state);
            }
            found_.ended_unpaid += payment.state == "paid" ? 0 : 1;
        }
    }

    /// Number by number: paid there, paid here, at the same account, with the same amount.
    void checkAttempts()
    {
        std::set<std::string> paid_here;
        hub_.query("SELECT number, payment_id, account, amount_minor, state FROM payments_attempt",
                   [&](const Row& row) {
                       const auto trade = trades_.find(row.text(0));
                       const bool is_paid = row.text(4) == "paid";
                       if (trade == trades_.end()) {
                           if (is_paid) {
                               found_.unequal.push_back(row.text(0) + " is paid in the hub alone");
                           }
                           return;
                       }
                       paid_here.insert(row.text(0));
                       ++payments_[row.text(1)].charges;
                       if (!is_paid || trade->second.account != row.text(2) ||
                           trade->second.amount_minor != row.integer(3)) {
                           found_.lost.push_back(
                               fmt::format("{} was paid at {}, in the hub it is {} at {}",
                                           row.text(0),
                                           trade->second.account,
                                           row.text(4),
                                           row.text(2)));
                       }
                   });
        for (const auto& [number, trade] : trades_) {
            if (!paid_here.contains(number)) {
                found_.lost.push_back(number + " was paid at " + trade.account +
                                      ", the hub has no such attempt");
            }
        }
    }

    void checkOnce()
    {
        for (const auto& [id, payment] : payments_) {
            if (payment.charges > 1) {
                found_.doubled.push_back(
                    fmt::format("{} was charged {} times", payment.key, payment.charges));
            }
        }
        const auto demandOne = [&](const char* what, const std::string& sql) {
            hub_.query(sql, [&](const Row& row) {
                found_.doubled.push_back(
                    fmt::format("{} has {} {}", row.text(0), row.integer(1), what));
            });
        };
        demandOne("payments",
                  "SELECT order_ref, count(*) FROM payments_payment GROUP BY order_ref "
                  "HAVING count(*) > 1");
        demandOne("bookings of its money",
                  "SELECT number, count(*) FROM payments_booking WHERE cause = 'capture' "
                  "GROUP BY number HAVING count(*) > 1");
        demandOne("events payment.paid",
                  "SELECT key, count(*) FROM hub_event WHERE type = 'payment.paid' GROUP BY key "
                  "HAVING count(*) > 1");
    }

    void checkLedger()
    {
        std::map<std::string, std::int64_t> there;
        for (const auto& [number, trade] : trades_) {
            there[trade.account] += trade.amount_minor - trade.refunded_minor;
        }
        books_.query("SELECT provider, seller, balance_minor FROM balances", [&](const Row& row) {
            const std::string account = accountOf(row.text(0), row.text(1));
            if (there[account] != row.integer(2)) {
                found_.unequal.push_back(fmt::format("the books of {} do not add up: {} and {}",
                                                     account,
                                                     there[account],
                                                     row.integer(2)));
            }
        });
        std::map<std::string, std::int64_t> here;
        hub_.query("SELECT account, sum(amount_minor) FROM payments_booking_line WHERE account "
                   "LIKE 'receivable:%' GROUP BY account",
                   [&](const Row& row) {
                       here[row.text(0).substr(row.text(0).find(':') + 1)] = row.integer(1);
                   });
        for (const auto& side : {there, here}) {
            for (const auto& [account, amount] : side) {
                if (there[account] != here[account]) {
                    found_.unequal.push_back(
                        fmt::format("{}: the ledger has {}, the provider's books {}",
                                    account,
                                    here[account],
                                    there[account]));
                }
            }
        }
        const auto crooked = hub_.number(
            "SELECT count(*) FROM (SELECT booking_id FROM payments_booking_line GROUP BY "
            "booking_id, currency HAVING sum(amount_minor) <> 0)");
        if (crooked != 0) {
            found_.unequal.push_back(fmt::format("{} bookings are not balanced", crooked));
        }
    }

    void readTimes()
    {
        found_.last_final_ms =
            hub_.number("SELECT max(time_ms) FROM payments_transition WHERE subject = 'payment' "
                        "AND to_state IN ('paid', 'closed', 'expired')");
        found_.not_sent =
            hub_.number("SELECT count(*) FROM payments_transition WHERE subject = 'attempt' AND "
                        "cause IN ('not_sent', 'not_offered')");
        found_.callbacks = hub_.number("SELECT count(*) FROM hub_exchange WHERE direction = 'in'");
    }

    /// The store knows milliseconds. What an exchange waited for its mark is the hub's own; of one
    /// that was sent again later no mark is known, so it has the time-out at most.
    std::unordered_map<std::string, double> providersPart() const
    {
        std::unordered_map<std::string, double> part_ms;
        hub_.query("SELECT a.payment_id, e.started_ms, e.ended_ms, c.sending_ms FROM "
                   "payments_attempt a JOIN hub_call c ON c.partition = 0 AND c.id = a.create_call "
                   "JOIN hub_exchange "
                   "e ON e.call_id = c.id ORDER BY a.ordinal DESC, e.started_ms DESC",
                   [&](const Row& row) {
                       const std::int64_t ended = row.integer(2);
                       const std::int64_t sent = row.integer(3);
                       const bool is_latest = sent >= row.integer(1) && sent <= ended;
                       const auto took =
                           static_cast<double>(ended - (is_latest ? sent : row.integer(1)));
                       // The first attempt's first exchange comes last.
                       part_ms[row.text(0)] = std::min(std::max(took, 0.0), kReadTimeoutMs);
                   });
        return part_ms;
    }

    std::unordered_map<std::string, double> noticeTimes() const
    {
        std::unordered_map<std::string, double> notice_ms;
        hub_.query(
            "SELECT t.payment_id, e.ended_ms - e.started_ms FROM payments_transition t "
            "JOIN hub_exchange e ON e.trace = t.trace AND e.direction = 'in' WHERE "
            "t.subject = 'payment' AND t.to_state = 'paid'",
            [&](const Row& row) { notice_ms[row.text(0)] = static_cast<double>(row.integer(1)); });
        return notice_ms;
    }

    void readOwnTime()
    {
        const auto theirs_ms = providersPart();
        const auto notice_ms = noticeTimes();
        for (const BurstPayment& payment : acknowledged_) {
            const auto theirs = theirs_ms.find(payment.payment_id);
            const auto notice = notice_ms.find(payment.payment_id);
            if (payment.create_ms > 0 && theirs != theirs_ms.end() && notice != notice_ms.end()) {
                const double own_ms =
                    std::max(payment.create_ms - theirs->second, 0.0) + notice->second;
                found_.own_us.push_back(own_ms * 1000);
            }
        }
    }

    StoreReader hub_;
    StoreReader books_;
    const std::vector<BurstPayment>& acknowledged_;
    std::map<std::string, HubPayment> payments_;
    std::map<std::string, PaidTrade> trades_;
    BurstEvidence found_;
};

} // namespace

std::int64_t countOpen(const StoreReader& hub)
{
    return hub.number(std::string("SELECT count(*) FROM payments_payment WHERE ") + kOpen);
}

std::string describeOpen(const StoreReader& hub)
{
    std::string text;
    hub.query(std::string("SELECT p.order_ref, p.state, a.account, a.number, a.state, a.message "
                          "FROM payments_payment p LEFT JOIN payments_attempt a ON a.number = "
                          "p.current_number WHERE p.") +
                  kOpen + " ORDER BY p.ordinal LIMIT 10",
              [&](const StoreReader::Row& row) {
                  text += fmt::format("{}{} is {}, {} at {} is {} {}",
                                      text.empty() ? "" : "; ",
                                      row.text(0),
                                      row.text(1),
                                      row.text(3),
                                      row.text(2),
                                      row.text(4),
                                      row.text(5));
              });
    return text;
}

BurstEvidence readEvidence(const std::filesystem::path& hub_store,
                           const std::filesystem::path& books,
                           const std::vector<BurstPayment>& payments)
{
    return Comparison(hub_store, books, payments).compare();
}

} // namespace bench
