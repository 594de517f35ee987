// The books of the simulated providers: orders and trades, refunds, sellers' balances and the
// notifications that are owed, in one SQLite file that survives kill -9. Whatever an answer says
// has been committed before the answer leaves.
#pragma once

#include "core/clock.hpp"
#include "core/json.hpp"
#include "core/message_books.hpp"
#include "core/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

enum class TradeState {
    Issued,   ///< a code was given out and nobody opened it: the provider has no trade yet
    Waiting,  ///< opened, not paid
    Paid,     ///< refundable
    Finished, ///< paid, no longer refundable
    Closed,   ///< see close_reason
    Voided,   ///< canceled before anybody opened the code
};
std::string_view toText(TradeState state);

/// A number of the merchant's with what became of it.
struct Trade {
    std::int64_t id = 0;
    std::string provider;
    std::string seller;
    std::string app;
    std::string number;
    std::string provider_number; ///< empty while Issued or Voided
    std::string code;            ///< the last part of the QR code's address
    TradeState state = TradeState::Issued;
    std::string close_reason; ///< timeout, merchant, cancel, payer or refund
    std::int64_t amount_minor = 0;
    std::int64_t refunded_minor = 0;
    std::string subject;
    std::string content; ///< what the order was created with, in the provider's normal form
    std::string notify_url;
    // Real time.
    std::int64_t created_ms = 0;
    std::int64_t opened_ms = 0;
    std::int64_t paid_ms = 0;
    std::int64_t closed_ms = 0;
    // Test clock.
    std::int64_t code_expires_ms = 0;
    std::int64_t expires_ms = 0;
    std::int64_t paid_due_ms = 0; ///< when it was paid by the test clock; windows count from here
};

enum class RefundState {
    Processing, ///< accepted; the money has left the seller
    Done,
    Stuck,   ///< the money reached neither the payer nor the seller again
    Dropped, ///< ended without moving; the seller has the money again
};
std::string_view toText(RefundState state);

struct Refund {
    std::int64_t id = 0;
    std::int64_t trade = 0;
    std::string request_number; ///< the merchant's
    std::int64_t amount_minor = 0;
    std::string reason;
    std::int64_t booked_ms = 0;       ///< real time
    std::string provider_number = {}; ///< empty when the provider numbers no refunds
    RefundState state = RefundState::Done;
    std::string content = {}; ///< what the refund was asked with, in the provider's normal form
    std::string notify_url = {};
    std::int64_t due_ms = 0;     ///< test clock: when one that is Processing gets Done
    std::int64_t settled_ms = 0; ///< real time; 0 while Processing
};

/// A message owed to a merchant. It is in the same commit as what it tells.
struct Notification {
    std::string id;
    std::int64_t trade = 0; ///< 0 for one that is about no trade
    std::string provider;
    std::string app;
    std::string number;
    std::string event; ///< the trade's state in the provider's word
    std::string url;
    std::string fields; ///< JSON; the provider adds time and signature at every sending
    std::string state;  ///< queued, held or delayed by a fault, delivered, given_up, suppressed
    std::int64_t due_ms = 0; ///< test clock
    std::int64_t attempts = 0;
};

/// One sending of a notification.
struct Delivery {
    std::string notification;
    std::int64_t attempt = 0;
    std::int64_t sent_ms = 0; ///< real time
    int http_status = 0;      ///< 0 when no answer came
    std::string answer;       ///< the body's beginning, or why there was none
    bool accepted = false;
    std::string fault; ///< the scripted fault that was applied; empty for none
};

/// The tables inside one transaction; obtained from Books::transact only.
class Book {
public:
    explicit Book(Database& database)
        : database_(database)
    {}

    std::optional<Trade>
    findByNumber(std::string_view provider, std::string_view seller, std::string_view number);
    std::optional<Trade> findByProviderNumber(std::string_view provider,
                                              std::string_view seller,
                                              std::string_view provider_number);
    std::optional<Trade> findByCode(std::string_view code);
    std::optional<Trade> findById(std::int64_t id);
    /// Whatever seller it belongs to; for the control interface.
    std::optional<Trade> findByNumberOfAny(std::string_view number);
    void insert(Trade& trade);
    void update(const Trade& trade);
    /// The provider's Waiting trades, and its Issued ones if asked for, whose time is over by the
    /// test clock.
    std::vector<Trade> dueForClosing(std::string_view provider,
                                     bool with_issued,
                                     std::int64_t now_ms,
                                     std::int64_t limit);
    /// Paid trades that were paid before `paid_before_ms` of the test clock.
    std::vector<Trade>
    dueForFinishing(std::string_view provider, std::int64_t paid_before_ms, std::int64_t limit);

    std::optional<Refund> findRefund(std::int64_t trade, std::string_view request_number);
    /// By the merchant's number among all its trades.
    std::optional<Refund> findRefundOfSeller(std::string_view provider,
                                             std::string_view seller,
                                             std::string_view request_number);
    /// Whatever seller it belongs to; for the control interface.
    std::optional<Refund> findRefundOfAny(std::string_view request_number);
    std::vector<Refund> refundsOf(std::int64_t trade);
    /// Those that get Done by the test clock.
    std::vector<Refund> dueRefunds(std::int64_t now_ms, std::int64_t limit);
    void insert(Refund& refund);
    /// Its state and when it got there.
    void update(const Refund& refund);

    std::int64_t balance(std::string_view provider, std::string_view seller);
    void changeBalance(std::string_view provider, std::string_view seller, std::int64_t by_minor);

    /// What is kept of short messages.
    MessageBook messages() { return MessageBook(database_); }

    void insert(const Notification& notification);
    /// What still has to be sent, the next due first.
    std::vector<Notification> owedNotifications(std::int64_t limit);
    void reschedule(std::string_view id,
                    std::string_view state,
                    std::int64_t due_ms,
                    std::int64_t attempts);
    /// Held notifications of the trade, other than `id`, fall due now. Those of no trade are held
    /// for each other.
    void releaseHeld(std::int64_t trade, std::string_view id, std::int64_t now_ms);
    /// The latest notification of the trade falls due once more; false when it has none.
    bool sendAgain(std::int64_t trade, std::int64_t now_ms);
    void insert(const Delivery& delivery);

    /// Everything, or what belongs to one number of a merchant.
    Json toJson(std::string_view number);

    std::optional<ClockAnchor> clockAnchor();
    void saveClockAnchor(const ClockAnchor& anchor);

private:
    Json tradesToJson(std::string_view number);
    Json refundsToJson(std::string_view number);
    Json notificationsToJson(std::string_view number);
    Json deliveriesToJson(std::string_view number);

    Database& database_;
};

/// Thread-safe: one transaction at a time.
class Books {
public:
    /// Opens or creates the file. A second program on the same file is refused.
    explicit Books(const std::filesystem::path& file);

    /// Runs `work(Book&)` in one transaction and returns what it returns, after the commit has
    /// reached the disk. An exception rolls back.
    template <typename Work>
    auto transact(Work&& work)
    {
        const std::lock_guard lock(guard_);
        database_.prepare("BEGIN IMMEDIATE").run();
        Book book(database_);
        struct Rollback {
            Database* database;
            ~Rollback()
            {
                if (database != nullptr) {
                    database->tryRun("ROLLBACK");
                }
            }
        } rollback{&database_};
        auto result = work(book);
        database_.prepare("COMMIT").run();
        rollback.database = nullptr;
        return result;
    }

private:
    std::mutex guard_;
    Database database_;
};

} // namespace hub::simulator
