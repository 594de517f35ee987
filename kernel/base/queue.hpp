// WorkQueue: a bounded queue with its own threads, for work that may block (exchanges, keys).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hub::base {

/// Thread-safe. A task that throws ends the process: tasks catch what they expect.
class WorkQueue {
public:
    WorkQueue(std::string name, std::size_t threads, std::size_t capacity);
    /// Finishes what was taken, then joins.
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// False when the queue is full or stopping; the task was not taken.
    bool post(std::function<void()> task);

private:
    void run();

    std::string name_;
    std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable waiting_;
    std::deque<std::function<void()>> tasks_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace hub::base
