#include "app/sessions.hpp"

#include "base/uuid.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include <pthread.h>

namespace hub::app {

namespace {

const observe::Log kLog("sessions");

constexpr std::int64_t kSoonMs = 100;
constexpr std::int64_t kPauseFirstMs = 1000;
constexpr std::int64_t kPauseMsMax = 60000;
// Never stored; below the readings of callbacks, far above every stored call.
constexpr hub_call_id kFirstSession = hub_call_id{1} << 61U;

} // namespace

Sessions::Sessions(const plugin::LiveCatalogue& catalogue, Bridge& bridge, const base::Clock& clock)
    : catalogue_(catalogue)
    , bridge_(bridge)
    , clock_(clock)
    , next_(kFirstSession)
    , random_(std::random_device{}())
{}

Sessions::~Sessions()
{
    stop();
}

void Sessions::start()
{
    thread_ = std::thread([this] { run(); });
}

void Sessions::stop() noexcept
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::int64_t Sessions::pauseMs(hub_status status, std::uint32_t failures) noexcept
{
    constexpr std::uint32_t kDoublingsMax = 6;
    return status == HUB_OK
               ? kSoonMs
               : std::min(kPauseMsMax, kPauseFirstMs << std::min(failures, kDoublingsMax));
}

void Sessions::hostReady(const bus::HostId& host)
{
    const plugin::Package* package = catalogue_.now().findPackage(host.library);
    if (package == nullptr || !package->manifest.stream.session) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [account, settings] : package->file.accounts) {
            if (Lease& lease = leases_[account]; lease.host != host) { // told twice is told once
                lease = Lease{host, 0, 0, clock_.monotonicMs(), 0};
            }
        }
    }
    changed_.notify_all();
}

void Sessions::hostLost(const bus::HostId& host)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(leases_, [&](const auto& entry) { return entry.second.host == host; });
}

void Sessions::ended(const bus::HostId& host, const journal::CallAnswer& answer)
{
    {
        const std::lock_guard lock(mutex_);
        const auto found = std::find_if(leases_.begin(), leases_.end(), [&](const auto& entry) {
            return entry.second.host == host && entry.second.live == answer.id;
        });
        if (found == leases_.end()) {
            return;
        }
        kLog.withLibrary(host.library)
            .info("the session of account \"{}\" ended with status {}: {}",
                  found->first,
                  answer.status,
                  answer.message);
        pause(found->second, answer.status);
    }
    changed_.notify_all();
}

void Sessions::pause(Lease& lease, hub_status status)
{
    const std::int64_t now_ms = clock_.monotonicMs();
    if (status == HUB_OK || now_ms - lease.began_ms >= kPauseMsMax) {
        lease.failures = 0; // it had worked
    }
    // Accounts that lost one provider together must not come back together.
    const std::int64_t pause_ms = pauseMs(status, lease.failures);
    std::uniform_int_distribution<std::int64_t> jitter(0, pause_ms / 2);
    lease.due_ms = now_ms + pause_ms - jitter(random_);
    lease.failures += status == HUB_OK ? 0 : 1;
    lease.live = 0;
}

std::vector<Sessions::Due> Sessions::takeDue()
{
    std::vector<Due> due;
    const std::int64_t now_ms = clock_.monotonicMs();
    for (auto& [account, lease] : leases_) {
        if (lease.live == 0 && lease.due_ms <= now_ms) {
            lease.live = next_++;
            lease.began_ms = now_ms;
            due.push_back({lease.host, deliveryOf(account, lease)});
        }
    }
    return due;
}

journal::CallDelivery Sessions::deliveryOf(const std::string& account, const Lease& lease)
{
    journal::CallDelivery session;
    session.id = lease.live;
    session.delivery = 1;
    session.attempt = lease.failures + 1;
    session.created_ms = clock_.nowMs();
    session.uuid = base::makeUuidV7(session.created_ms);
    session.operation = "session";
    session.account = account;
    session.connector = lease.host.library;
    session.trace = base::makeTraceId();
    session.payload = "{}";
    return session;
}

void Sessions::run()
{
    pthread_setname_np(pthread_self(), "sessions");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const std::vector<Due> due = takeDue();
        if (!due.empty()) {
            lock.unlock();
            for (const Due& next : due) {
                if (!bridge_.sendSession(next.host, next.session)) {
                    journal::CallAnswer refused;
                    refused.id = next.session.id;
                    refused.status = HUB_UNAVAILABLE;
                    refused.message = "the process is stopping or takes nothing";
                    ended(next.host, refused);
                }
            }
            lock.lock();
            continue;
        }
        std::int64_t due_ms = std::numeric_limits<std::int64_t>::max();
        for (const auto& [account, lease] : leases_) {
            due_ms = lease.live == 0 ? std::min(due_ms, lease.due_ms) : due_ms;
        }
        const std::int64_t wait_ms =
            std::clamp<std::int64_t>(due_ms - clock_.monotonicMs(), 1, kPauseMsMax);
        changed_.wait_for(lock, std::chrono::milliseconds(wait_ms));
    }
}

} // namespace hub::app
