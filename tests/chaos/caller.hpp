// Somebody at the portal or the console, or the organizer's own system, who lets go of nothing: a
// request is repeated under its key until an answer decides. Not thread-safe; every thread has its
// own.
#pragma once

#include "https_client.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

/// What all callers of a run went through. Thread-safe.
class Effort {
public:
    std::atomic<std::int64_t> repeats{0};  ///< requests sent again after a break, 429 or 5xx
    std::atomic<std::int64_t> given_up{0}; ///< never answered, in spite of repeats
    /// Nobody shall wait for an answer any more.
    std::atomic<bool> hopeless{false};

    /// An answer that nobody should get for what was asked.
    void surprise(const std::string& sentence);
    std::vector<std::string> surprises() const;

private:
    mutable std::mutex mutex_;
    std::vector<std::string> surprises_;
};

/// Sends until an answer decides, for a minute; then status 0. A broken connection, 429 and 503
/// decide nothing. Nor does 500, but it is a surprise, also when a repeat succeeds: a kill breaks
/// connections or makes the hub unavailable for a while, a 500 is its own alarm.
HttpAnswer
persist(Effort& effort, const std::string& what, const std::function<HttpAnswer()>& send);

class Caller {
public:
    /// With the server's token, or as a guest until keepSession().
    Caller(Server hub, const std::string& edition, Effort& effort);

    /// The same person in another window, for another thread.
    Caller another() const { return {client_.another(), effort_}; }

    /// Persist, each: status 0 when nothing decided.
    HttpAnswer get(const std::string& path);
    HttpAnswer post(const std::string& path, const Json& body, const std::string& key);
    HttpAnswer put(const std::string& path, const Json& body, const Headers& headers = {});
    /// From now on as whom this answer has logged in. Throws std::runtime_error when it has not.
    void keepSession(const HttpAnswer& login);
    /// Sent once, whatever comes.
    HttpsClient& client() noexcept { return client_; }

private:
    Caller(HttpsClient client, Effort& effort)
        : client_(std::move(client))
        , effort_(effort)
    {}

    HttpsClient client_;
    Effort& effort_;
};

/// Throws std::runtime_error with the answer unless it has this status.
HttpAnswer expect(int status, HttpAnswer answer, const std::string& what);

} // namespace chaos
