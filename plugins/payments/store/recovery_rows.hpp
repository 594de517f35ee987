// RecoveryRows: the tables of a recovery after a restore: what is asked about, bills, exceptions.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace payments {

/// An attempt or a refund that a provider is asked about.
struct Question {
    std::string subject; // "attempt", "refund"
    std::string number;
    std::string account;
    std::string state; // "wanted", "asked", "known"
    std::string answer;
};

struct BillDay {
    std::string account;
    std::string day;   // "2026-11-20", of the provider
    std::string state; // "wanted", "asked", "reading", "compared"
    std::string blob;
    std::int64_t read_bytes = 0;
    std::int64_t read_lines = 0;
    std::string message;
};

struct Exception {
    std::string kind; // "their_payment", "their_refund", "amount_differs"
    std::string account;
    std::string number;
    std::string refund_number;
    std::string provider_number;
    std::int64_t amount_minor = 0;
    std::string currency;
    std::string day;
    bool booked = false;
    std::string state; // "open", "explained"
    std::string message;
    std::int64_t time_ms = 0;
};

class RecoveryRows {
public:
    explicit RecoveryRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    /// A new recovery: every open attempt and refund is wanted; what an earlier one left is gone.
    void begin() const;
    /// From `due_ms` on.
    void wantBill(const std::string& account, const std::string& day, std::int64_t due_ms) const;
    /// Asked once more, be it known already.
    void want(const Question& question) const;
    /// Accounts that attempts were made on.
    std::vector<std::string> accounts() const;

    std::vector<Question> wanted(std::int64_t limit) const;
    /// What is not known yet, or everything.
    std::vector<Question> questions(bool open_only, std::int64_t limit) const;
    void asked(const Question& question, std::int64_t call_id) const;
    /// False when the call is no question's.
    bool answered(std::int64_t call_id, bool known, const std::string& answer) const;
    std::int64_t openQuestions(std::string_view subject) const;

    std::vector<BillDay> bills() const;
    std::optional<BillDay> dueBill(std::int64_t now_ms) const;
    std::optional<BillDay> readingBill() const;
    /// When the first open bill is due; 0 while one is asked for or read.
    std::int64_t nextBillMs() const;
    void billAsked(const BillDay& bill, std::int64_t call_id) const;
    /// The bill that the call asked for.
    std::optional<BillDay> billOf(std::int64_t call_id) const;
    void save(const BillDay& bill, std::int64_t due_ms) const;
    std::int64_t openBills() const;

    /// False when it is there already.
    bool insert(const Exception& exception, std::int64_t exception_id) const;
    std::vector<Exception> exceptions(std::int64_t limit) const;
    /// Of refunds at the provider that bookings of ours explain.
    std::int64_t explainedMinor(const std::string& number) const;

private:
    std::vector<Question> selectQuestions(const std::string& where, std::int64_t limit) const;
    std::vector<BillDay> selectBills(const std::string& where,
                                     std::initializer_list<hub::Parameter> parameters) const;
    std::int64_t count(const std::string& sql,
                       std::initializer_list<hub::Parameter> parameters) const;

    const hub::Snapshot& snapshot_;
};

} // namespace payments
