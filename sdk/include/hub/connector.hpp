// Connector and Subscriber: what a partner writes. Both work in task mode: the hub hands over one
// call or one event, the library answers once, from any thread.
#pragma once

#include <hub/library.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace hub {

/// Answers one delivery. If it is dropped unanswered (forgotten path, exception) it answers
/// HUB_OUTCOME_UNKNOWN by itself: the request may have left, so the hub must find out before
/// it may retry. Never "failed": that would invite a double charge. Movable, not copyable.
class Reply {
public:
    Reply(Host host, hub_call_id call) noexcept
        : host_(host)
        , call_(call)
    {}
    Reply(Reply&& other) noexcept
        : host_(other.host_)
        , call_(std::exchange(other.call_, 0))
    {}
    Reply& operator=(Reply&&) = delete;
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    ~Reply()
    {
        if (call_ != 0) {
            send(HUB_OUTCOME_UNKNOWN, "the library dropped the call without an answer", "");
        }
    }

    /// The first answer counts; later ones do nothing.
    void send(hub_status status,
              std::string_view message = {},
              std::string_view payload = {},
              std::uint32_t retry_after_ms = 0) noexcept
    {
        if (call_ == 0) {
            return;
        }
        hub_result result{};
        result.struct_size = sizeof result;
        result.status = status;
        result.retry_after_ms = retry_after_ms;
        result.message = toText(message.substr(0, HUB_MESSAGE_BYTES_MAX));
        result.payload = toBytes(payload);
        host_.api().complete(host_.context(), std::exchange(call_, 0), &result);
    }

    void send(const Answer& answer) noexcept
    {
        send(answer.status, answer.message, answer.payload, answer.retry_after_ms);
    }

private:
    Host host_;
    hub_call_id call_;
};

/// May throw anywhere; the barrier turns it into a status and a log line. handle() may block:
/// the hub calls it on up to `concurrency_max` threads at once.
class Connector {
public:
    explicit Connector(Host host) noexcept
        : host_(host)
    {}
    virtual ~Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    virtual void start() {}
    virtual void handle(const Event& event, Reply reply) = 0;
    /// Holds the standing connection of event.account() (manifest: `stream.session`), on a thread
    /// of its own. Returns when the connection is over; HUB_OK asks for the next one soon, anything
    /// else with a growing pause. hub/stream.hpp has the stream.
    virtual void session(const Event& /*event*/, Reply reply)
    {
        reply.send(HUB_UNSUPPORTED, "this library holds no sessions");
    }
    /// Returns when no thread of the library is alive.
    virtual void stop(std::int64_t /*deadline_unix_ms*/) {}

    const Host& host() const noexcept { return host_; }

    /// For the barrier.
    void dispatch(const hub_event& raw) noexcept
    {
        try {
            if (raw.source == HUB_SOURCE_SESSION) {
                session(Event{raw}, Reply{host_, raw.call_id});
            } else {
                handle(Event{raw}, Reply{host_, raw.call_id});
            }
        } catch (const std::exception& problem) {
            host_.log(LogLevel::Error, problem.what());
        } catch (...) {
            host_.log(LogLevel::Error, "handle() threw something that is no std::exception");
        }
    }

private:
    Host host_;
};

/// Receives events; HUB_OK settles, anything else is retried and then a dead letter.
using Subscriber = Connector;

} // namespace hub

#define HUB_CONNECTOR(Type, id, version) HUB_LIBRARY(Type, id, version)
#define HUB_SUBSCRIBER(Type, id, version) HUB_LIBRARY(Type, id, version)
