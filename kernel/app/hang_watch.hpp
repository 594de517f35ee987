// HangWatch: notices a library's process that holds a delivery and does not answer it. Its heart
// beats, because another thread of it does that, and its other threads may go on; so it is told
// by the age of what it holds.
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
#include <unordered_map>
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

    /// A delivery went out that may take `patience_ms` by itself (a call until its deadline). The
    /// ids of calls and events don't meet (hubp::kEventCallBit).
    void gave(const bus::HostId& host, std::uint64_t id, std::int64_t patience_ms);
    void answered(const bus::HostId& host, std::uint64_t id);
    void lost(const bus::HostId& host);
    /// Who hangs now; each is named once.
    std::vector<bus::HostId> takeHung();

private:
    struct Held {
        std::unordered_map<std::uint64_t, std::int64_t> until_ms; // by the steady clock
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
