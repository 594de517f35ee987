// HangWatch: notices a library's process that holds deliveries and answers none of them. Its
// heart beats, because another thread of it does that; so it is told apart by what it settles.
#pragma once

#include "base/clock.hpp"
#include "bus/router.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hub::app {

/// Thread-safe.
class HangWatch {
public:
    using Hung = std::function<void(const bus::HostId&, const std::string& reason)>;

    /// `hung` is called on the watch's own thread, once for a process.
    HangWatch(const base::Clock& clock, std::int64_t limit_ms, Hung hung);
    ~HangWatch();
    HangWatch(const HangWatch&) = delete;
    HangWatch& operator=(const HangWatch&) = delete;

    void start();
    void stop() noexcept;

    /// A delivery went out that may take `patience_ms` by itself (a call until its deadline).
    void gave(const bus::HostId& host, std::int64_t patience_ms);
    void answered(const bus::HostId& host);
    void lost(const bus::HostId& host);
    /// Who hangs now; each is named once.
    std::vector<bus::HostId> takeHung();

private:
    struct Held {
        std::int64_t count = 0;
        std::int64_t patient_until_ms = 0; // by the steady clock
        bool named = false;
    };

    void watch();

    const base::Clock& clock_;
    std::int64_t limit_ms_;
    Hung hung_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<bus::HostId, Held> held_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::app
