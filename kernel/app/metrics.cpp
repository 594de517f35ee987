#include "app/metrics.hpp"

#include "observe/log.hpp"
#include "observe/metrics.hpp"

#include <chrono>

#include <pthread.h>

namespace hub::app {

namespace {

using observe::Gauge;

constexpr std::chrono::seconds kEvery{1};

const Gauge kGroups{"hub_lane_groups", "Groups committed since the start."};
const Gauge kUnits{"hub_lane_units", "Units run since the start."};
const Gauge kUnitsFailed{"hub_lane_units_failed", "Units whose group could not be committed."};
const Gauge kBroken{"hub_lane_groups_broken", "Groups that were begun again."};
const Gauge kEvents{"hub_journal_events", "Events appended since the start."};
const Gauge kLastSeq{"hub_journal_last_seq", "Position of the last event."};
const Gauge kHealthy{"hub_store_healthy", "1 when the last group was committed."};
const Gauge kQuarantine{"hub_quarantine", "1 while a restored store sends nothing."};
const Gauge kWal{"hub_store_wal_bytes", "Size of the write-ahead log."};
const Gauge kLag{"hub_subscriber_lag", "Events that a subscriber has not settled.", {"subscriber"}};
const Gauge kParked{"hub_subscriber_parked", "Events that wait for a retry.", {"subscriber"}};
const Gauge kDead{
    "hub_subscriber_dead", "Events that block a key as dead letters.", {"subscriber"}};
const Gauge kFrames{"hub_router_messages", "Messages of the router.", {"kind"}};
const Gauge kExchanges{
    "hub_egress_exchanges", "Exchanges by how they ended.", {"account", "ended"}};
const Gauge kBreaker{
    "hub_egress_breaker_open", "1 while the breaker keeps calls back.", {"account"}};
const Gauge kSessions{"hub_sessions_open", "Sessions of people who are logged in."};
const Gauge kLibraryUp{"hub_library_started", "1 while the library is started.", {"library"}};

double number(std::uint64_t value)
{
    return static_cast<double>(value);
}

} // namespace

Metrics::Metrics(MetricsParts parts)
    : parts_(parts)
{}

Metrics::~Metrics()
{
    stop();
}

void Metrics::start()
{
    thread_ = std::thread([this] { run(); });
}

void Metrics::stop() noexcept
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopping_changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Metrics::run()
{
    pthread_setname_np(pthread_self(), "metrics");
    std::unique_lock lock(mutex_);
    while (!stopping_changed_.wait_for(lock, kEvery, [this] { return stopping_; })) {
        lock.unlock();
        try {
            read();
        } catch (const std::exception&) {
            observe::Log("metrics").warning("{}", base::currentExceptionText());
        }
        lock.lock();
    }
}

void Metrics::read()
{
    const journal::LaneCounters& lane = parts_.lane.counters();
    kGroups.set(number(lane.groups));
    kUnits.set(number(lane.units));
    kUnitsFailed.set(number(lane.units_failed));
    kBroken.set(number(lane.groups_broken));
    kEvents.set(number(lane.events));
    kLastSeq.set(static_cast<double>(lane.last_seq.load()));
    kHealthy.set(lane.healthy ? 1 : 0);
    kQuarantine.set(parts_.lane.isQuarantined() ? 1 : 0);
    kWal.set(static_cast<double>(parts_.database.walBytes()));
    for (const auto& [name, view] : parts_.lane.subscribers()) {
        kLag.set(static_cast<double>(view.lag), {name});
        kParked.set(number(view.parked), {name});
        kDead.set(number(view.dead), {name});
    }
    const bus::RouterCounters router = parts_.router.counters();
    kFrames.set(number(router.received), {"received"});
    kFrames.set(number(router.sent), {"sent"});
    kFrames.set(number(router.undeliverable), {"undeliverable"});
    kFrames.set(number(router.malformed), {"malformed"});
    kFrames.set(number(router.strangers), {"strangers"});
    for (const egress::AccountHealth& health : parts_.exchanger.health()) {
        kExchanges.set(number(health.answered), {health.account, "answered"});
        kExchanges.set(number(health.not_sent), {health.account, "not_sent"});
        kExchanges.set(number(health.unknown), {health.account, "unknown"});
        kBreaker.set(health.breaker == egress::BreakerState::Open ? 1 : 0, {health.account});
    }
    kSessions.set(static_cast<double>(parts_.sessions.size()));
    for (const LibraryStatus& library : parts_.fleet.list()) {
        kLibraryUp.set(library.state == "started" ? 1 : 0, {library.id});
    }
}

} // namespace hub::app
