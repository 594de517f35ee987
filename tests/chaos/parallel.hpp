// The same for many, several at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace chaos {

/// Calls `work` with each number below n; throws what one of them has thrown.
template <typename Work>
void forEach(std::size_t n, std::size_t at_once, Work work)
{
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex mutex;
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < std::min(at_once, n); ++i) {
        workers.emplace_back([&] {
            for (std::size_t mine = next++; mine < n; mine = next++) {
                try {
                    work(mine);
                } catch (...) {
                    const std::lock_guard lock(mutex);
                    failure = std::current_exception();
                    next = n;
                }
            }
        });
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace chaos
