#include "egress/scheduler.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>
#include <vector>

namespace hub::egress {

namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

} // namespace

Scheduler::Scheduler(std::size_t threads,
                     std::size_t waiting_max,
                     std::size_t per_account_max,
                     const base::Clock& clock)
    : clock_(clock)
    , waiting_max_(waiting_max)
    , per_account_max_(per_account_max)
    // The bound is ours: what is posted holds a slot of its account or is among not_started_.
    , queue_(std::make_unique<base::WorkQueue>(
          "egress", threads, std::numeric_limits<std::size_t>::max()))
    , watcher_([this] { watchDeadlines(); })
{}

Scheduler::~Scheduler()
{
    std::vector<JobPtr> left;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const auto& [deadline, job] : not_started_) {
            left.push_back(job);
        }
        for (const JobPtr& job : left) {
            settle(*job);
        }
    }
    changed_.notify_all();
    watcher_.join();
    for (const JobPtr& job : left) {
        job->expire(Expiry::Stopping);
    }
    queue_.reset();
}

bool Scheduler::submit(const std::string& account,
                       std::int64_t deadline_ms,
                       std::function<void()> run,
                       std::function<void(Expiry)> expire)
{
    auto job = std::make_shared<Job>();
    job->account = account;
    job->run = std::move(run);
    job->expire = std::move(expire);
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || not_started_.size() >= waiting_max_) {
            return false;
        }
        job->place = not_started_.emplace(deadline_ms == 0 ? kForever : deadline_ms, job);
        Account& of = accounts_[account];
        if (of.running < per_account_max_) {
            dispatch(of, job);
        } else {
            of.waiting.push_back(job);
        }
    }
    changed_.notify_one();
    return true;
}

void Scheduler::settle(Job& job)
{
    job.settled = true;
    not_started_.erase(job.place);
}

void Scheduler::dispatch(Account& account, const JobPtr& job)
{
    ++account.running;
    queue_->post([this, job] { execute(job); });
}

void Scheduler::execute(const JobPtr& job)
{
    std::unique_lock lock(mutex_);
    if (!job->settled) {
        settle(*job);
        lock.unlock();
        job->run();
        lock.lock();
    }
    Account& account = accounts_[job->account];
    --account.running;
    while (account.running < per_account_max_ && !account.waiting.empty()) {
        const JobPtr next = std::move(account.waiting.front());
        account.waiting.pop_front();
        if (!next->settled) {
            dispatch(account, next);
        }
    }
}

void Scheduler::watchDeadlines()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const std::int64_t now = clock_.nowMs();
        if (not_started_.empty() || not_started_.begin()->first == kForever) {
            changed_.wait(lock);
        } else if (const std::int64_t left_ms = not_started_.begin()->first - now; left_ms > 0) {
            // The wall clock may be set: look again every second.
            changed_.wait_for(lock,
                              std::chrono::milliseconds(std::min<std::int64_t>(left_ms, 1000)));
        } else {
            const JobPtr job = not_started_.begin()->second;
            settle(*job);
            lock.unlock();
            job->expire(Expiry::Deadline);
            lock.lock();
        }
    }
}

} // namespace hub::egress
