// What the tests of the gateway share: a backend that records and answers as told, a client that
// speaks raw bytes over a socket, and a gateway with short limits between them.
#pragma once

#include "base/exception.hpp"
#include "base/json.hpp"
#include "gateway/gateway.hpp"
#include "observe/log.hpp"
#include "support/suite.hpp"

#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hub::gateway::testing {

class FakeBackend : public Backend {
public:
    std::vector<Route> routes() const override { return routes_; }
    std::vector<Asset> assets() const override { return assets_; }
    std::vector<EventDescription> events() const override { return events_; }

    Reply write(const Request& request) override
    {
        record(request);
        return on_write(request);
    }

    Reply read(const Request& request) override
    {
        record(request);
        return on_read(request);
    }

    void endSession(const std::string& id) override { on_end(id); }

    bool awaitOutcome(hub_call_id call, std::int64_t deadline_ms) override
    {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        const auto until =
            std::chrono::system_clock::time_point(std::chrono::milliseconds(deadline_ms));
        const bool ended = changed_.wait_until(lock, until, [&] { return ended_ == call; });
        --waiting_;
        return ended;
    }

    CallbackReply callback(const Callback& callback) override
    {
        const std::lock_guard lock(mutex_);
        callbacks.push_back(callback);
        return callback_reply;
    }

    void callbackRefused(const Callback& callback, const std::string& reason) override
    {
        const std::lock_guard lock(mutex_);
        refused.emplace_back(callback.path, reason);
    }

    Readiness readiness() const override { return {ready, {{"store", ready ? "ok" : "gone"}}}; }

    void endCall(hub_call_id call)
    {
        const std::lock_guard lock(mutex_);
        ended_ = call;
        changed_.notify_all();
    }

    /// Returns when a request waits for an outcome; false after 10 s.
    bool awaitWaiter()
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return waiting_ > 0; });
    }

    Request last() const
    {
        const std::lock_guard lock(mutex_);
        return requests_.empty() ? Request{} : requests_.back();
    }

    std::size_t count() const
    {
        const std::lock_guard lock(mutex_);
        return requests_.size();
    }

    std::vector<Route> routes_;
    std::vector<Asset> assets_;
    std::vector<EventDescription> events_;
    std::function<Reply(const Request&)> on_write;
    std::function<Reply(const Request&)> on_read;
    std::function<void(const std::string&)> on_end;
    std::vector<Callback> callbacks;
    std::vector<std::pair<std::string, std::string>> refused;
    CallbackReply callback_reply{200, "text/plain", "success"};
    std::atomic<bool> ready{true};

private:
    void record(const Request& request)
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Request> requests_;
    hub_call_id ended_ = 0;
    int waiting_ = 0;
};

struct Answer {
    int status = 0;                                  // 0: the connection ended without an answer
    std::multimap<std::string, std::string> headers; // names in lower case
    std::string body;

    std::string header(const std::string& name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? "" : found->second;
    }
    base::Json json() const { return base::parseJson(body).value(); }
};

/// Raw bytes over one connection; each wait is bounded by 10 s.
class Client {
public:
    explicit Client(std::uint16_t port);
    explicit Client(Poco::Net::StreamSocket socket);

    void send(const std::string& bytes);
    /// The next answer; `head_only` for the answer to HEAD.
    Answer receive(bool head_only = false);
    Answer exchange(const std::string& bytes)
    {
        send(bytes);
        return receive();
    }
    /// True when the server ends the connection within 10 s.
    bool closed();
    void shutdownSend() { socket_.shutdownSend(); }

private:
    bool fill();

    Poco::Net::StreamSocket socket_;
    std::string buffer_;
};

/// A gateway over a FakeBackend with these routes:
///   POST   /things           things:write  unit, idempotent, body {"name": string}
///   GET    /things/{id}      things:read   read, query "limit"
///   DELETE /things/{id}      things:write  unit, without body
class Fixture {
public:
    Fixture();

    void start();
    Client connect() const { return Client(gateway->port()); }
    Answer exchange(const std::string& bytes) const { return connect().exchange(bytes); }

    GatewaySettings settings;
    FakeBackend backend;
    base::SystemClock clock;
    security::Sessions* sessions = nullptr; // before start(); without it no cookie is read
    std::unique_ptr<Gateway> gateway;
};

/// A request with the key that holds all scopes; `fields` are lines with CR LF.
std::string request(const std::string& method,
                    const std::string& target,
                    const std::string& fields = "",
                    const std::string& body = "");
/// POST of JSON with an idempotency key.
std::string
post(const std::string& target, const std::string& body, const std::string& fields = "");

} // namespace hub::gateway::testing
