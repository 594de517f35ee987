// Publications: events that the library publishes, until the hub tells that they are committed.
// Thread-safe. `done` functions run one after another on a thread of their own, never on the
// wire's.
#pragma once

#include "base/queue.hpp"
#include "hubp/frames.hpp"
#include "plugin_host/wire.hpp"

#include <hub/plugin.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace hub::plugin_host {

class Publications {
public:
    explicit Publications(Wire& wire);

    /// With `done`: HUB_OK, and `done` is called once however it ends, or HUB_THROTTLED and it is
    /// not. Without: waits and answers how it ended.
    hub_status publish(const hub_event& event, hub_published_fn done, void* user);

    /// [wire] An answer that nobody waits for is counted and ignored.
    void published(const hubp::Published& published);
    /// [wire] The hub is gone: all that is open ends with HUB_UNAVAILABLE.
    void abandon();
    /// Like abandon(), then waits until every `done` has returned; false when some have not at
    /// `deadline_unix_ms`.
    bool drain(std::int64_t deadline_unix_ms);

    std::uint64_t ignoredAnswers() const noexcept { return ignored_answers_; }

private:
    struct Pending {
        hub_published_fn done = nullptr; // null: somebody waits in publish()
        void* user = nullptr;
        bool ended = false;
        hub_status status = HUB_UNAVAILABLE;
    };

    hub_status wait(std::unique_lock<std::mutex>& lock, std::uint64_t token);
    void free();
    void tell(hub_published_fn done, void* user, hub_status status, std::int64_t seq);

    Wire& wire_;
    std::mutex mutex_;
    std::condition_variable ended_;      // for who waits in publish()
    std::condition_variable closed_out_; // for drain()
    std::unordered_map<std::uint64_t, Pending> pending_;
    std::size_t open_ = 0; // also those whose `done` has not returned yet
    std::uint64_t last_token_ = 0;
    bool closed_ = false;
    std::atomic<std::uint64_t> ignored_answers_{0};
    base::WorkQueue notifier_;
};

} // namespace hub::plugin_host
