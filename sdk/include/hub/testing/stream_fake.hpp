// StreamFake: the peer's side of hub.stream/1 as a script. Each connection that the library opens
// takes the next script: bytes that the peer expects, bytes that it sends, how it ends.
// Thread-safe.
//
//     fake.streams().connection().expect("LOGIN demo\r\n").give("OK\r\n").end();
#pragma once

#include <hub/ext/stream.h>
#include <hub/plugin.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::testing {

/// What the peer does on one connection, in this order.
class StreamScript {
public:
    /// The library writes exactly these bytes; in how many pieces does not matter.
    StreamScript& expect(std::string bytes) { return add(Kind::Expect, std::move(bytes)); }
    StreamScript& give(std::string bytes) { return add(Kind::Give, std::move(bytes)); }
    /// The library goes over to TLS.
    StreamScript& expectSecure() { return add(Kind::Secure, {}); }
    /// The peer ends the stream properly.
    StreamScript& end() { return add(Kind::End, {}); }
    /// The connection is lost. A write that meets this has an unknown outcome.
    StreamScript& cut() { return add(Kind::Cut, {}); }

private:
    friend class StreamFake;
    enum class Kind { Expect, Give, Secure, End, Cut };
    struct Step {
        Kind kind;
        std::string bytes;
    };

    StreamScript& add(Kind kind, std::string bytes)
    {
        steps_.push_back({kind, std::move(bytes)});
        return *this;
    }

    std::deque<Step> steps_;
    hub_status refusal_ = HUB_OK;
};

struct StreamOpening {
    hub_call_id call = 0;
    std::string address;
    std::uint32_t security = 0;
};

struct StreamBeginning {
    hub_stream stream = 0;
    hub_call_id call = 0;
    std::size_t written = 0; ///< bytes that had been written on the stream before
};

class StreamFake {
public:
    /// The next connection that is opened. Fill the script in before the library opens it.
    StreamScript& connection()
    {
        const std::lock_guard lock(mutex_);
        return scripts_.emplace_back();
    }

    /// The next connection is not made, with a code of hub_stream_v1.open.
    void refuseOpen(hub_status status = HUB_UNAVAILABLE) { connection().refusal_ = status; }

    /// From now on begin() answers this; HUB_OK again lets calls be marked.
    void setBeginStatus(hub_status status)
    {
        const std::lock_guard lock(mutex_);
        begin_status_ = status;
    }

    std::vector<StreamOpening> openings() const
    {
        const std::lock_guard lock(mutex_);
        return openings_;
    }

    /// The calls that were marked as sending, in order.
    std::vector<StreamBeginning> beginnings() const
    {
        const std::lock_guard lock(mutex_);
        return beginnings_;
    }

    /// Empty after a good run: bytes that were not expected, connections without a script.
    std::vector<std::string> failures() const
    {
        const std::lock_guard lock(mutex_);
        return failures_;
    }

    /// Steps that did not come to pass, in scripts of connections that were opened and not.
    std::size_t stepsLeft() const
    {
        const std::lock_guard lock(mutex_);
        std::size_t left = 0;
        for (const StreamScript& script : scripts_) {
            left += script.steps_.size();
        }
        for (const auto& [id, connection] : open_) {
            left += connection.script.steps_.size();
        }
        return left;
    }

    // ---- For ConnectorFake: what hub_stream_v1 does.

    hub_status
    open(hub_call_id call, std::string_view address, std::uint32_t security, hub_stream* stream)
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return HUB_UNAVAILABLE;
        }
        openings_.push_back({call, std::string{address}, security});
        if (scripts_.empty()) {
            failures_.push_back("a connection to " + std::string{address} + " has no script");
            return HUB_REJECTED;
        }
        StreamScript script = std::move(scripts_.front());
        scripts_.pop_front();
        if (script.refusal_ != HUB_OK) {
            return script.refusal_;
        }
        *stream = ++last_stream_;
        Connection& connection = open_[*stream];
        connection.script = std::move(script);
        connection.call = call;
        advance(connection);
        return HUB_OK;
    }

    hub_status secure(hub_stream stream)
    {
        const std::lock_guard lock(mutex_);
        Connection* connection = find(stream);
        if (connection == nullptr) {
            return HUB_UNAVAILABLE;
        }
        if (!connection->arrived.empty()) {
            connection->state = State::Closed;
            return HUB_REJECTED;
        }
        if (!nextIs(*connection, StreamScript::Kind::Secure)) {
            failures_.push_back("secure() was not expected");
            connection->state = State::Closed;
            return HUB_UNAVAILABLE;
        }
        connection->script.steps_.pop_front();
        advance(*connection);
        return HUB_OK;
    }

    hub_status begin(hub_stream stream, hub_call_id call)
    {
        const std::lock_guard lock(mutex_);
        const Connection* connection = find(stream);
        if (connection == nullptr) {
            return HUB_UNAVAILABLE;
        }
        if (begin_status_ == HUB_OK) {
            beginnings_.push_back({stream, call, connection->written});
        }
        return begin_status_;
    }

    hub_status write(hub_stream stream, std::string_view bytes)
    {
        const std::lock_guard lock(mutex_);
        Connection* connection = find(stream);
        if (connection == nullptr) {
            return HUB_UNAVAILABLE;
        }
        if (bytes.size() > HUB_PAYLOAD_BYTES_MAX) {
            return HUB_BAD_REQUEST;
        }
        connection->written += bytes.size();
        while (!bytes.empty()) {
            if (!nextIs(*connection, StreamScript::Kind::Expect)) {
                failures_.push_back("not expected: " + std::string{bytes});
                return lose(*connection);
            }
            std::string& wanted = connection->script.steps_.front().bytes;
            const std::size_t size = bytes.size() < wanted.size() ? bytes.size() : wanted.size();
            if (bytes.substr(0, size) != std::string_view{wanted}.substr(0, size)) {
                failures_.push_back("expected " + wanted + ", written was " + std::string{bytes});
                return lose(*connection);
            }
            bytes.remove_prefix(size);
            wanted.erase(0, size);
            if (wanted.empty()) {
                connection->script.steps_.pop_front();
            }
            advance(*connection);
            if (connection->state == State::Closed && !bytes.empty()) {
                return HUB_OUTCOME_UNKNOWN;
            }
        }
        changed_.notify_all();
        return HUB_OK;
    }

    hub_status
    read(hub_stream stream, std::uint32_t bytes_max, std::uint32_t timeout_ms, std::string& bytes)
    {
        const auto ends = std::chrono::steady_clock::now() +
                          std::chrono::milliseconds(timeout_ms == 0 ? 10000 : timeout_ms);
        std::unique_lock lock(mutex_);
        const bool woken = changed_.wait_until(lock, ends, [&] {
            const Connection* connection = find(stream);
            return connection == nullptr || !connection->arrived.empty() ||
                   connection->state != State::Open;
        });
        Connection* connection = find(stream);
        if (connection == nullptr) {
            return HUB_UNAVAILABLE;
        }
        if (!connection->arrived.empty()) {
            bytes = connection->arrived.substr(0, bytes_max);
            connection->arrived.erase(0, bytes.size());
            return HUB_OK;
        }
        return woken ? HUB_NOT_FOUND : HUB_THROTTLED;
    }

    void close(hub_stream stream)
    {
        const std::lock_guard lock(mutex_);
        if (Connection* connection = find(stream)) {
            connection->state = State::Closed;
        }
        changed_.notify_all();
    }

    /// A delivery has ended, and with it the streams that it opened.
    void endDelivery(hub_call_id call)
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, connection] : open_) {
            if (connection.call == call) {
                connection.state = State::Closed;
            }
        }
        changed_.notify_all();
    }

    /// The library is to stop: everything fails from now on.
    void stop()
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }

private:
    enum class State { Open, Ended, Closed };
    struct Connection {
        StreamScript script;
        hub_call_id call = 0;
        State state = State::Open;
        std::string arrived; // and not read yet
        std::size_t written = 0;
    };

    /// Null when it is closed, or everything is to stop.
    Connection* find(hub_stream stream)
    {
        const auto found = open_.find(stream);
        // What the peer sent before it cut the connection may still be read.
        const bool gone = stopping_ || found == open_.end() ||
                          (found->second.state == State::Closed && found->second.arrived.empty());
        return gone ? nullptr : &found->second;
    }

    static bool nextIs(const Connection& connection, StreamScript::Kind kind)
    {
        return connection.state == State::Open && !connection.script.steps_.empty() &&
               connection.script.steps_.front().kind == kind;
    }

    hub_status lose(Connection& connection)
    {
        connection.state = State::Closed;
        changed_.notify_all();
        return HUB_OUTCOME_UNKNOWN;
    }

    /// Takes the steps that are the peer's own.
    void advance(Connection& connection)
    {
        auto& steps = connection.script.steps_;
        while (connection.state == State::Open && !steps.empty()) {
            const StreamScript::Kind kind = steps.front().kind;
            if (kind == StreamScript::Kind::Give) {
                connection.arrived += steps.front().bytes;
            } else if (kind == StreamScript::Kind::End) {
                connection.state = State::Ended;
            } else if (kind == StreamScript::Kind::Cut) {
                connection.state = State::Closed;
            } else {
                break;
            }
            steps.pop_front();
        }
        changed_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<StreamScript> scripts_;
    std::map<hub_stream, Connection> open_;
    hub_stream last_stream_ = 0;
    bool stopping_ = false;
    hub_status begin_status_ = HUB_OK;
    std::vector<StreamOpening> openings_;
    std::vector<StreamBeginning> beginnings_;
    std::vector<std::string> failures_;
};

} // namespace hub::testing
