// ServiceClient: asks the hub for a host service and waits for the answer. Thread-safe.
#pragma once

#include "hubp/frames.hpp"
#include "plugin_host/wire.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace hub::plugin_host {

class ServiceClient {
public:
    struct Answer {
        hub_status status = HUB_UNAVAILABLE;
        std::string result;
    };

    explicit ServiceClient(Wire& wire)
        : wire_(wire)
    {}

    /// Waits until the hub answers or is lost. In the second case an exchange that was asked for
    /// may have been made, and bytes may have been written: HUB_OUTCOME_UNKNOWN; anything else is
    /// HUB_UNAVAILABLE.
    Answer ask(hub_call_id call_id,
               const std::string& extension,
               const std::string& operation,
               std::string arguments);

    /// [wire] An answer that nobody waits for is counted and ignored.
    void served(hubp::Served&& served);
    /// The library is to stop: whoever waits for something of a stream returns as if the hub were
    /// lost, and so does who asks later.
    void abandonStreams();
    /// [wire] The hub is gone: everybody returns, and so does who asks later.
    void abandon();

    std::uint64_t ignoredAnswers() const noexcept { return ignored_answers_; }

private:
    struct Waiting {
        bool stream = false;
        bool answered = false;
        Answer answer;
    };

    Wire& wire_;
    std::mutex mutex_;
    std::condition_variable answered_;
    std::unordered_map<std::uint64_t, Waiting*> waiting_;
    std::uint64_t last_id_ = 0;
    bool abandoned_ = false;
    bool streams_abandoned_ = false;
    std::atomic<std::uint64_t> ignored_answers_{0};
};

} // namespace hub::plugin_host
