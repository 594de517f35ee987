#include "app/exchange_log.hpp"

#include "base/failpoint.hpp"
#include "journal/calls.hpp"

#include <memory>
#include <utility>

namespace hub::app {

namespace {

/// Writes the record, or completes the one that was stored with the mark.
void upsert(store::Connection& connection, const egress::Record& record)
{
    connection
        .prepare(
            "INSERT INTO hub_exchange (partition, id, direction, call_id, delivery, connector, "
            "account, operation, key, trace, method, host, path, request, request_bytes, "
            "request_digest, http_status, response, response_bytes, response_digest, "
            "bytes_left, ended, started_ms, ended_ms) "
            "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (partition, id) DO UPDATE SET http_status = excluded.http_status, "
            "request_bytes = excluded.request_bytes, "
            "response = excluded.response, response_bytes = excluded.response_bytes, "
            "response_digest = excluded.response_digest, bytes_left = excluded.bytes_left, "
            "ended = excluded.ended, ended_ms = excluded.ended_ms")
        .bindText(1, record.id)
        .bindText(2, record.direction)
        .bind(3, static_cast<std::int64_t>(record.ticket.call_id))
        .bind(4, record.ticket.delivery)
        .bindText(5, record.ticket.connector)
        .bindText(6, record.ticket.account)
        .bindText(7, record.ticket.operation)
        .bindText(8, record.ticket.key)
        .bindText(9, record.ticket.trace)
        .bindText(10, record.method)
        .bindText(11, record.host)
        .bindText(12, record.path)
        .bindText(13, record.request)
        .bind(14, record.request_bytes)
        .bindText(15, record.request_digest)
        .bind(16, record.http_status)
        .bindText(17, record.response)
        .bind(18, record.response_bytes)
        .bindText(19, record.response_digest)
        .bind(20, record.bytes_left ? 1 : 0)
        .bindText(21, record.ended)
        .bind(22, record.started_ms)
        .bind(23, record.ended_ms)
        .run();
}

class RecordWork final : public journal::Work {
public:
    explicit RecordWork(egress::Record record)
        : record_(std::move(record))
    {}
    void run(journal::LaneContext& context) override
    {
        // A record that the store refuses must not take the others of its group with it.
        (void)context.group.attempt([&] { upsert(context.group.connection(), record_); });
    }
    void committed() noexcept override {}
    void failed(const journal::UnitFailed&) noexcept override {}

private:
    egress::Record record_;
};

class MarkWork final : public journal::Work {
public:
    MarkWork(egress::Record record, std::function<void(bool)> done)
        : record_(std::move(record))
        , done_(std::move(done))
    {}
    void run(journal::LaneContext& context) override
    {
        granted_ = false;
        const auto mark = [&] {
            granted_ = journal::Calls::markSending(context.group,
                                                   record_.ticket.call_id,
                                                   record_.ticket.delivery,
                                                   record_.request_digest);
            if (granted_) {
                upsert(context.group.connection(), record_);
            }
        };
        granted_ = !context.group.attempt(mark) && granted_;
    }
    void committed() noexcept override { done_(granted_); }
    /// Not committed, or maybe: nothing is sent, and a mark that is there after all only means that
    /// the hub will ask the provider.
    void failed(const journal::UnitFailed&) noexcept override { done_(false); }

private:
    egress::Record record_;
    std::function<void(bool)> done_;
    bool granted_ = false;
};

} // namespace

ExchangeLog::ExchangeLog(journal::Lane& lane)
    : lane_(lane)
{}

bool ExchangeLog::markSending(const egress::Ticket& ticket, const egress::Record& record)
{
    bool granted = false;
    HUB_FAILPOINT(MarkWanted);
    try {
        lane_.runNow([&](journal::LaneContext& context) {
            granted = journal::Calls::markSending(
                context.group, ticket.call_id, ticket.delivery, record.request_digest);
            if (granted) {
                upsert(context.group.connection(), record);
            }
        });
    } catch (const base::Failure&) {
        // Not committed, or after a lost connection maybe: nothing was sent, and a mark that is
        // there after all only means that the hub will ask the provider.
        return false;
    }
    HUB_FAILPOINT(MarkGranted);
    return granted;
}

void ExchangeLog::markSendingLater(const egress::Record& record, std::function<void(bool)> done)
{
    lane_.submit(std::make_unique<MarkWork>(record, std::move(done)));
}

void ExchangeLog::recordExchange(const egress::Record& record)
{
    lane_.submit(std::make_unique<RecordWork>(record));
}

} // namespace hub::app
