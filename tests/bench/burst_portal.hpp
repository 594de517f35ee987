// BurstPortal: the portal's work behind the first request of a payment. It sends again what was
// answered 503, under the same key, looks after payments that have no code yet, and asks for a code
// at the wallet's other account when none comes.
#pragma once

#include "payers.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

namespace hub::test {
class HubProcess;
} // namespace hub::test

namespace bench {

/// How requests ended.
struct BurstRequests {
    std::size_t done = 0;      // 2xx
    std::size_t again = 0;     // 503; sent again with the same key
    std::size_t elsewhere = 0; // asked for a code at the other account; part of `done`
    std::vector<std::string> otherwise;
};

/// Thread-safe.
class BurstPortal {
public:
    /// Of a payment that was created at last.
    using Created = std::function<void(const std::string& key, const nlohmann::json& payment)>;

    BurstPortal(hub::test::HubProcess& hub, Payers& payers, Created created);
    /// What is not finished is left.
    ~BurstPortal();
    BurstPortal(const BurstPortal&) = delete;
    BurstPortal& operator=(const BurstPortal&) = delete;

    /// The answer to a create: lets its code be paid, or looks for it later.
    void follow(const nlohmann::json& payment);
    /// A create that was answered 503.
    void createAgain(const std::string& key, const nlohmann::json& body);
    /// No code is asked for there any more.
    void avoid(const std::string& account);
    void count(int status, const std::string& what);

    /// Payments that nobody can pay yet.
    std::size_t waiting() const;
    BurstRequests requests() const;

private:
    using Clock = std::chrono::steady_clock;
    struct Task {
        std::string key;         // of the create, when there is no payment yet
        nlohmann::json body;     // of the create
        std::string payment_id;  // empty: to be created
        Clock::time_point since; // its last request for a code
        int elsewhere = 0;       // such requests at the other account
    };

    void run();
    /// True when the task is done.
    bool step(Task& task);
    bool create(const Task& task);
    bool look(Task& task);
    void askElsewhere(Task& task, const std::string& account);
    bool isAvoided(const std::string& account) const;
    void add(Task task, std::chrono::milliseconds after);

    hub::test::HubProcess& hub_;
    Payers& payers_;
    Created created_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Clock::time_point, Task> tasks_;
    std::size_t under_way_ = 0;
    std::set<std::string> avoided_;
    BurstRequests requests_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace bench
