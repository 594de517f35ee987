// Payers: people who pay codes at the simulated providers, several at a time.
#pragma once

#include "chaos/https_client.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// Thread-safe.
class Payers {
public:
    Payers(const chaos::Server& simulator, std::size_t count);
    /// What nobody has begun to pay is left.
    ~Payers();
    Payers(const Payers&) = delete;
    Payers& operator=(const Payers&) = delete;

    /// Returns at once.
    void pay(std::string code);
    /// Codes that are not paid yet.
    std::size_t waiting() const;
    std::size_t paid() const;
    /// Why codes could not be paid.
    std::vector<std::string> refusals() const;

private:
    void work(chaos::HttpsClient client);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> codes_;
    std::size_t under_way_ = 0;
    std::size_t paid_ = 0;
    std::vector<std::string> refusals_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace bench
