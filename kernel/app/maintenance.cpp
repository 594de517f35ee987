#include "app/maintenance.hpp"

#include "observe/log.hpp"

#include <chrono>

#include <pthread.h>

namespace hub::app {

namespace {

constexpr std::chrono::hours kEvery{1};

} // namespace

Maintenance::Maintenance(journal::Lane& lane,
                         AuditTrail& audit,
                         journal::RetentionSettings retention)
    : lane_(lane)
    , audit_(audit)
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
    while (!stopping_changed_.wait_for(lock, kEvery, [this] { return stopping_; })) {
        lock.unlock();
        try {
            audit_.anchor();
            prune();
        } catch (const std::exception&) {
            // The store is away; the next hour will do.
            observe::Log("maintenance").warning("{}", base::currentExceptionText());
        }
        lock.lock();
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
