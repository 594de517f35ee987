// Deliveries: what the hub handed over and the library has not answered yet. Runs handle() on
// worker threads, and the events of one key strictly one after another; sessions on a thread each,
// because one may last for months.
//
// After an event of a key failed, every other event of that key is answered as "blocked" until
// the hub sends one with `resume`: so no later event takes effect before the failed one.
#pragma once

#include "hubp/frames.hpp"
#include "plugin_host/wire.hpp"

#include <hub/plugin.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace hub::plugin_host {

/// Thread-safe.
class Deliveries {
public:
    explicit Deliveries(Wire& wire);
    /// close() and drain() must have succeeded, or the process must be about to exit.
    ~Deliveries();
    Deliveries(const Deliveries&) = delete;
    Deliveries& operator=(const Deliveries&) = delete;

    void start(unsigned threads, std::function<void(const hub_event&)> handle);

    void take(hubp::Call&& call);
    void take(hubp::Callback&& callback);
    void take(hubp::Event&& event);
    void take(hubp::Session&& session);

    /// The library's answer. A second one, or one for an unknown id, is counted and ignored.
    void complete(hub_call_id id, const hub_result& result);

    /// Answers what no worker has begun as not tried; nothing new begins.
    void close();
    /// Waits until all is answered but sessions, at most until `deadline_unix_ms`. After close().
    void drainCalls(std::int64_t deadline_unix_ms);
    /// After close(): waits until every worker and session has left handle() and ended; false when
    /// some are still inside at `deadline_unix_ms`.
    bool drain(std::int64_t deadline_unix_ms);

    std::size_t unanswered() const;
    std::uint64_t ignoredAnswers() const noexcept { return ignored_answers_; }

    /// What the calling thread is handling; null outside of handle().
    static const hubp::Envelope* current() noexcept;

private:
    enum class Kind { Call, Callback, Event, Session };

    struct Delivery {
        Kind kind = Kind::Call;
        hubp::Envelope envelope;
        std::uint32_t number = 0; // of the delivery of a call
        bool resume = false;
        std::string payload;
    };
    using DeliveryPtr = std::shared_ptr<const Delivery>;

    struct SessionThread {
        std::thread thread;
        bool ended = false;
    };

    struct Key {
        bool running = false;
        bool blocked = false;
        std::deque<DeliveryPtr> waiting;
    };

    void admit(DeliveryPtr delivery);
    void admitEvent(const DeliveryPtr& delivery);
    void beginEvent(const DeliveryPtr& delivery);
    void settle(const std::string& key, bool succeeded);
    void beginSession(const DeliveryPtr& delivery);
    void work();
    void run(const Delivery& delivery);
    void answer(const Delivery& delivery, const hub_result& result);
    void answerNotTried(const Delivery& delivery, hub_status status, std::string_view why);
    void joinAll();

    Wire& wire_;
    std::function<void(const hub_event&)> handle_;
    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable idle_;
    std::unordered_map<hub_call_id, DeliveryPtr> live_;
    std::map<std::string, Key> keys_;
    std::deque<DeliveryPtr> urgent_; // callbacks: somebody waits on a connection
    std::deque<DeliveryPtr> ready_;
    unsigned inside_ = 0; // threads in handle()
    bool closed_ = false;
    std::atomic<std::uint64_t> ignored_answers_{0};
    std::vector<std::thread> threads_;
    std::list<SessionThread> sessions_;
};

} // namespace hub::plugin_host
