#include "store/operation_rows.hpp"

namespace payments {

std::vector<MethodStop> OperationRows::stops() const
{
    std::vector<MethodStop> found;
    snapshot_.query(
        "SELECT method, notice_zh, notice_en, stopped_ms, principal FROM payments_stop"
        " WHERE partition = 0 ORDER BY method",
        {},
        [&](const hub::Row& row) {
            found.push_back({row.text(0), row.text(1), row.text(2), row.integer(3), row.text(4)});
        });
    return found;
}

std::optional<MethodStop> OperationRows::stopOf(const std::string& method) const
{
    for (MethodStop& stop : stops()) {
        if (stop.method == method) {
            return std::move(stop);
        }
    }
    return std::nullopt;
}

void OperationRows::put(const MethodStop& stop) const
{
    removeStop(stop.method);
    snapshot_.execute(
        "INSERT INTO payments_stop (partition, method, notice_zh, notice_en,"
        " stopped_ms, principal) VALUES (0, ?, ?, ?, ?, ?)",
        {stop.method, stop.notice_zh, stop.notice_en, stop.stopped_ms, stop.principal});
}

void OperationRows::removeStop(const std::string& method) const
{
    snapshot_.execute("DELETE FROM payments_stop WHERE partition = 0 AND method = ?", {method});
}

std::optional<GoLive> OperationRows::goLive(const std::string& column,
                                            const std::string& value) const
{
    std::optional<GoLive> found;
    snapshot_.query("SELECT account, payment_id, started_ms, principal, payment_found,"
                    " refund_found FROM payments_golive WHERE partition = 0 AND " +
                        column + " = ?",
                    {value},
                    [&](const hub::Row& row) {
                        found = GoLive{row.text(0),
                                       row.text(1),
                                       row.integer(2),
                                       row.text(3),
                                       row.integer(4) != 0,
                                       row.integer(5) != 0};
                    });
    return found;
}

std::optional<GoLive> OperationRows::goLiveAt(const std::string& account) const
{
    return goLive("account", account);
}

std::optional<GoLive> OperationRows::goLiveOf(const std::string& payment_id) const
{
    return goLive("payment_id", payment_id);
}

void OperationRows::put(const GoLive& check) const
{
    snapshot_.execute("DELETE FROM payments_golive WHERE partition = 0 AND account = ?",
                      {check.account});
    snapshot_.execute("INSERT INTO payments_golive (partition, account, payment_id, started_ms,"
                      " principal, payment_found, refund_found) VALUES (0, ?, ?, ?, ?, ?, ?)",
                      {check.account,
                       check.payment_id,
                       check.started_ms,
                       check.principal,
                       std::int64_t{check.payment_found},
                       std::int64_t{check.refund_found}});
}

} // namespace payments
