// JobRunner: carries the jobs of plugins forward, step by step: parsing as a task beside the lane,
// staging, activating and discarding as units on it. What is done is in the store, so a restart
// goes on where the last commit ended. Few at once, so that imports don't crowd out payments.
#pragma once

#include "app/fleet.hpp"
#include "base/clock.hpp"
#include "base/queue.hpp"
#include "journal/jobs.hpp"
#include "journal/lane.hpp"
#include "store/database.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace hub::app {

struct JobRunnerParts {
    const base::Clock& clock;
    store::Database& database;
    journal::Lane& lane;
    Fleet& fleet;
};

class JobRunner {
public:
    explicit JobRunner(JobRunnerParts parts);
    ~JobRunner();
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    void start();
    /// Waits for the steps under way; a kill instead loses nothing but their time. Idempotent.
    void stop() noexcept;

private:
    void watch();
    void take(const std::string& id);
    void carry(const std::string& id);
    /// False when there is nothing to do for now.
    bool step(const std::string& id);
    bool parse(const journal::Job& job);
    bool unit(const journal::Job& job);
    bool fail(const journal::Job& job, hub_status status, const std::string& message);
    bool isStopping() const;

    JobRunnerParts parts_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> in_hand_;
    bool stopping_ = false;
    std::thread thread_;
    std::unique_ptr<base::WorkQueue> queue_;
};

} // namespace hub::app
