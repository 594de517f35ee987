#include "base/queue.hpp"

#include <utility>

#include <pthread.h>

namespace hub::base {

WorkQueue::WorkQueue(std::string name, std::size_t threads, std::size_t capacity)
    : name_(std::move(name))
    , capacity_(capacity)
{
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { run(); });
    }
}

WorkQueue::~WorkQueue()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

bool WorkQueue::post(std::function<void()> task)
{
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || tasks_.size() >= capacity_) {
            return false;
        }
        tasks_.push_back(std::move(task));
    }
    waiting_.notify_one();
    return true;
}

void WorkQueue::run()
{
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    std::unique_lock lock(mutex_);
    for (;;) {
        waiting_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty()) {
            return;
        }
        std::function<void()> task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace hub::base
