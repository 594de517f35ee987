// Sickness: work for two sick connectors, one that hangs and one that crashes, for as long as it
// lives. Each gets calls and callbacks; whichever the hub has given up is enabled again.
#pragma once

#include "payments_hub.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace bench {

class Sickness {
public:
    /// What is sick.
    static std::vector<TestConnector> connectors();
    static void enable(PaymentsHub& hub);
    static void disable(PaymentsHub& hub);

    /// The libraries are enabled.
    explicit Sickness(PaymentsHub& hub);
    ~Sickness();
    Sickness(const Sickness&) = delete;
    Sickness& operator=(const Sickness&) = delete;

    int calls() const { return calls_; }
    int callbacksRefused() const { return callbacks_refused_; }
    int enabledAgain() const { return enabled_again_; }

private:
    void callUntilEnd();
    void callBackUntilEnd(const TestConnector& connector);
    void nurseUntilEnd();
    bool isOver() const { return over_; }

    PaymentsHub& hub_;
    std::atomic<bool> over_{false};
    std::atomic<int> calls_{0};
    std::atomic<int> callbacks_refused_{0};
    std::atomic<int> enabled_again_{0};
    std::vector<std::thread> threads_;
};

} // namespace bench
