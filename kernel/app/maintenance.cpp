#include "app/maintenance.hpp"

#include "app/session_upkeep.hpp"
#include "observe/log.hpp"

#include <chrono>

#include <pthread.h>

namespace hub::app {

namespace {

constexpr std::chrono::minutes kEvery{1};
constexpr int kMinutesPerHour = 60;

} // namespace

Maintenance::Maintenance(journal::Lane& lane,
                         AuditTrail& audit,
                         security::Sessions& sessions,
                         journal::RetentionSettings retention)
    : lane_(lane)
    , audit_(audit)
    , sessions_(sessions)
    , retention_(retention)
{}

Maintenance::~Maintenance()
{
    stop();
}

void Maintenance::start()
{
    thread_ = std::thread([this] { run(); });
}

void Maintenance::stop() noexcept
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

void Maintenance::run()
{
    pthread_setname_np(pthread_self(), "maintenance");
    std::unique_lock lock(mutex_);
    int minutes = 0;
    while (!stopping_changed_.wait_for(lock, kEvery, [this] { return stopping_; })) {
        lock.unlock();
        minutes = (minutes + 1) % kMinutesPerHour;
        try {
            work(minutes == 0);
        } catch (const std::exception&) {
            // The store is away; the next time will do.
            observe::Log("maintenance").warning("{}", base::currentExceptionText());
        }
        lock.lock();
    }
}

void Maintenance::work(bool hour_is_over)
{
    flushSessions(lane_, sessions_);
    if (hour_is_over) {
        audit_.anchor();
        prune();
        pruneSessions(lane_);
    }
}

void Maintenance::prune()
{
    std::size_t removed = 1;
    while (removed > 0) {
        lane_.runNow([&](journal::LaneContext& context) {
            removed = journal::Retention::prune(context.group, retention_);
        });
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return;
        }
    }
}

} // namespace hub::app
