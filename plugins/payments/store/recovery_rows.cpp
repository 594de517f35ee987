#include "store/recovery_rows.hpp"

namespace payments {

void RecoveryRows::begin() const
{
    snapshot_.execute("DELETE FROM payments_recovery WHERE partition = 0", {});
    snapshot_.execute("DELETE FROM payments_bill WHERE partition = 0", {});
    snapshot_.execute(
        "INSERT INTO payments_recovery (partition, subject, number, account, state, call_id,"
        " answer) SELECT 0, 'attempt', number, account, 'wanted', 0, '' FROM payments_attempt"
        " WHERE partition = 0 AND (state IN ('queued', 'creating', 'unknown', 'waiting')"
        " OR confirming_ms <> 0)",
        {});
    snapshot_.execute(
        "INSERT INTO payments_recovery (partition, subject, number, account, state, call_id,"
        " answer) SELECT 0, 'refund', number, account, 'wanted', 0, '' FROM payments_refund"
        " WHERE partition = 0 AND state NOT IN ('failed', 'succeeded')",
        {});
}

void RecoveryRows::wantBill(const std::string& account,
                            const std::string& day,
                            std::int64_t due_ms) const
{
    snapshot_.execute("INSERT INTO payments_bill (partition, account, bill_day, state, call_id,"
                      " due_ms, blob, read_bytes, read_lines, message)"
                      " VALUES (0, ?, ?, 'wanted', 0, ?, '', 0, 0, '') ON CONFLICT DO NOTHING",
                      {account, day, due_ms});
}

std::int64_t RecoveryRows::nextBillMs() const
{
    return count("SELECT COALESCE(MIN(CASE WHEN state = 'wanted' THEN due_ms ELSE 0 END), 0)"
                 " FROM payments_bill WHERE partition = 0 AND state <> 'compared'",
                 {});
}

void RecoveryRows::want(const Question& question) const
{
    snapshot_.execute("INSERT INTO payments_recovery (partition, subject, number, account, state,"
                      " call_id, answer) VALUES (0, ?, ?, ?, 'wanted', 0, '')"
                      " ON CONFLICT (partition, subject, number) DO UPDATE SET state = 'wanted',"
                      " call_id = 0",
                      {question.subject, question.number, question.account});
}

std::vector<std::string> RecoveryRows::accounts() const
{
    std::vector<std::string> accounts;
    snapshot_.query("SELECT DISTINCT account FROM payments_attempt WHERE partition = 0"
                    " ORDER BY account",
                    {},
                    [&](const hub::Row& row) { accounts.push_back(row.text(0)); });
    return accounts;
}

std::vector<Question> RecoveryRows::selectQuestions(const std::string& where,
                                                    std::int64_t limit) const
{
    std::vector<Question> found;
    snapshot_.query(
        "SELECT subject, number, account, state, answer FROM payments_recovery"
        " WHERE partition = 0" +
            where + " ORDER BY subject, number LIMIT ?",
        {limit},
        [&](const hub::Row& row) {
            found.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)});
        });
    return found;
}

std::vector<Question> RecoveryRows::wanted(std::int64_t limit) const
{
    return selectQuestions(" AND state = 'wanted'", limit);
}

std::vector<Question> RecoveryRows::questions(bool open_only, std::int64_t limit) const
{
    return selectQuestions(open_only ? " AND state <> 'known'" : "", limit);
}

void RecoveryRows::asked(const Question& question, std::int64_t call_id) const
{
    snapshot_.execute("UPDATE payments_recovery SET state = 'asked', call_id = ?"
                      " WHERE partition = 0 AND subject = ? AND number = ?",
                      {call_id, question.subject, question.number});
}

bool RecoveryRows::answered(std::int64_t call_id, bool known, const std::string& answer) const
{
    return snapshot_.execute("UPDATE payments_recovery SET state = ?, answer = ?"
                             " WHERE partition = 0 AND call_id = ? AND state = 'asked'",
                             {known ? "known" : "wanted", answer, call_id}) != 0;
}

std::int64_t RecoveryRows::count(const std::string& sql,
                                 std::initializer_list<hub::Parameter> parameters) const
{
    std::int64_t value = 0;
    snapshot_.query(sql, parameters, [&](const hub::Row& row) { value = row.integer(0); });
    return value;
}

std::int64_t RecoveryRows::openQuestions(std::string_view subject) const
{
    return count("SELECT COUNT(*) FROM payments_recovery WHERE partition = 0"
                 " AND state <> 'known' AND subject = ?",
                 {subject});
}

std::vector<BillDay>
RecoveryRows::selectBills(const std::string& where,
                          std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<BillDay> found;
    snapshot_.query("SELECT account, bill_day, state, blob, read_bytes, read_lines, message"
                    " FROM payments_bill WHERE partition = 0" +
                        where + " ORDER BY bill_day, account",
                    parameters,
                    [&](const hub::Row& row) {
                        found.push_back({row.text(0),
                                         row.text(1),
                                         row.text(2),
                                         row.text(3),
                                         row.integer(4),
                                         row.integer(5),
                                         row.text(6)});
                    });
    return found;
}

namespace {

std::optional<BillDay> firstOf(std::vector<BillDay> bills)
{
    return bills.empty() ? std::nullopt : std::optional{std::move(bills.front())};
}

} // namespace

std::vector<BillDay> RecoveryRows::bills() const
{
    return selectBills("", {});
}

std::optional<BillDay> RecoveryRows::dueBill(std::int64_t now_ms) const
{
    return firstOf(selectBills(" AND state = 'wanted' AND due_ms <= ?", {now_ms}));
}

std::optional<BillDay> RecoveryRows::readingBill() const
{
    return firstOf(selectBills(" AND state = 'reading'", {}));
}

void RecoveryRows::billAsked(const BillDay& bill, std::int64_t call_id) const
{
    snapshot_.execute("UPDATE payments_bill SET state = 'asked', call_id = ?"
                      " WHERE partition = 0 AND account = ? AND bill_day = ?",
                      {call_id, bill.account, bill.day});
}

std::optional<BillDay> RecoveryRows::billOf(std::int64_t call_id) const
{
    return firstOf(selectBills(" AND state = 'asked' AND call_id = ?", {call_id}));
}

void RecoveryRows::save(const BillDay& bill, std::int64_t due_ms) const
{
    snapshot_.execute(
        "UPDATE payments_bill SET state = ?, blob = ?, read_bytes = ?, read_lines = ?,"
        " message = ?, due_ms = ? WHERE partition = 0 AND account = ? AND bill_day = ?",
        {bill.state,
         bill.blob,
         bill.read_bytes,
         bill.read_lines,
         bill.message,
         due_ms,
         bill.account,
         bill.day});
}

std::int64_t RecoveryRows::openBills() const
{
    return count("SELECT COUNT(*) FROM payments_bill WHERE partition = 0 AND state <> 'compared'",
                 {});
}

bool RecoveryRows::insert(const Exception& exception, std::int64_t exception_id) const
{
    return snapshot_.execute(
               "INSERT INTO payments_exception (partition, exception_id, kind, account, number,"
               " refund_number, provider_number, amount_minor, currency, bill_day, booked, state,"
               " message, time_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
               " ON CONFLICT DO NOTHING",
               {exception_id,
                exception.kind,
                exception.account,
                exception.number,
                exception.refund_number,
                exception.provider_number,
                exception.amount_minor,
                exception.currency,
                exception.day,
                std::int64_t{exception.booked ? 1 : 0},
                exception.state,
                exception.message,
                exception.time_ms}) == 1;
}

std::vector<Exception> RecoveryRows::exceptions(std::int64_t limit) const
{
    std::vector<Exception> found;
    snapshot_.query("SELECT kind, account, number, refund_number, provider_number, amount_minor,"
                    " currency, bill_day, booked, state, message, time_ms FROM payments_exception"
                    " WHERE partition = 0 ORDER BY exception_id DESC LIMIT ?",
                    {limit},
                    [&](const hub::Row& row) {
                        found.push_back({row.text(0),
                                         row.text(1),
                                         row.text(2),
                                         row.text(3),
                                         row.text(4),
                                         row.integer(5),
                                         row.text(6),
                                         row.text(7),
                                         row.integer(8) != 0,
                                         row.text(9),
                                         row.text(10),
                                         row.integer(11)});
                    });
    return found;
}

std::int64_t RecoveryRows::explainedMinor(const std::string& number) const
{
    return count("SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM payments_exception"
                 " WHERE partition = 0 AND number = ? AND kind = 'their_refund'"
                 " AND state = 'explained'",
                 {number});
}

} // namespace payments
