// Scheduler: runs jobs on a pool of threads, at most so many of one account at a time. A job that
// waits for its account holds no thread, and one that is not started by its deadline is told so.
#pragma once

#include "base/clock.hpp"
#include "base/queue.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace hub::egress {

enum class Expiry { Deadline, Stopping };

/// Thread-safe.
class Scheduler {
public:
    Scheduler(std::size_t threads,
              std::size_t waiting_max,
              std::size_t per_account_max,
              const base::Clock& clock);
    /// Lets what runs end; what waits expires with Stopping.
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Either `run` is called, on a thread of the pool, or `expire`, on any; once. False: full, and
    /// neither will be. `deadline_ms` 0: none.
    bool submit(const std::string& account,
                std::int64_t deadline_ms,
                std::function<void()> run,
                std::function<void(Expiry)> expire);

private:
    struct Job;
    using JobPtr = std::shared_ptr<Job>;
    using Waiting = std::multimap<std::int64_t, JobPtr>; // by deadline

    struct Job {
        std::string account;
        std::function<void()> run;
        std::function<void(Expiry)> expire;
        bool settled = false;
        Waiting::iterator place;
    };

    struct Account {
        std::size_t running = 0;
        std::deque<JobPtr> waiting;
    };

    void settle(Job& job);
    void dispatch(Account& account, const JobPtr& job);
    void execute(const JobPtr& job);
    void watchDeadlines();

    const base::Clock& clock_;
    std::size_t waiting_max_;
    std::size_t per_account_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    Waiting not_started_;
    std::map<std::string, Account> accounts_;
    std::unique_ptr<base::WorkQueue> queue_;
    std::thread watcher_;
};

} // namespace hub::egress
