// Sends what the books owe to the merchants: at once, then at the provider's pauses until it is
// acknowledged or the last try failed. A notification may be sent twice around a crash, never
// forgotten.
#pragma once

#include "core/faults.hpp"
#include "core/wallet.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hub::simulator {

class Notifier {
public:
    struct Surroundings {
        Books& books;
        const TestClock& clock;
        Wallet& wallet;
        const Providers& providers;
        Faults& faults;
        /// Certificates that vouch for merchants' https addresses; empty: the system's.
        std::filesystem::path trust_file;
    };

    explicit Notifier(Surroundings surroundings);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// Something may have fallen due; call after commits and after moving the clock. Thread-safe.
    void wake();
    /// Ends sendings under way (at most their time-out) and all threads.
    void stop() noexcept;

private:
    void work();
    void sweep();
    std::optional<Notification> claim();
    void process(const Notification& notification);
    void send(const Notification& notification, const std::optional<FaultRule>& fault);
    void postpone(const Notification& notification, std::string_view state, std::int64_t due_ms);
    const Provider* providerOf(const Notification& notification) const;

    Surroundings with_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::condition_variable ended_;
    std::set<std::string> in_flight_;
    bool stopping_ = false;
    std::uint64_t wakes_ = 0;
    std::vector<std::thread> threads_;
};

} // namespace hub::simulator
