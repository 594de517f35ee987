// Shopper: payments from the order to the provider's notification, one after the other, against a
// hub and the simulator. Runs on a thread of its own.
#pragma once

#include "chaos/https_client.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace bench {

class Shopper {
public:
    /// Begins a payment every `pause`; the previous one is finished first.
    Shopper(chaos::Server hub, chaos::Server simulator, std::chrono::milliseconds pause);
    ~Shopper();
    Shopper(const Shopper&) = delete;
    Shopper& operator=(const Shopper&) = delete;

    /// Returns when the last payment is finished.
    void stop();
    std::int64_t paid() const noexcept { return paid_; }
    /// Payments that did not end paid, with the first one's reason. After stop().
    std::int64_t failed() const noexcept { return failed_; }
    const std::string& firstFailure() const noexcept { return first_failure_; }

private:
    void run();
    void buy(int number);
    /// False when it has to stop.
    bool pause(std::chrono::milliseconds time);

    chaos::HttpsClient hub_;
    chaos::HttpsClient simulator_;
    const std::chrono::milliseconds pause_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::atomic<std::int64_t> paid_{0};
    std::atomic<std::int64_t> failed_{0};
    std::string first_failure_;
    std::thread thread_;
};

} // namespace bench
