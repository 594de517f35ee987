// OpenLoad: requests at the times when they are due, over kept HTTPS connections, by one thread.
// The latency counts from when a request was due, whether or not a connection was free by then: a
// hub that stalls has its stall in every latency that it caused, not in one.
#pragma once

#include "arrivals.hpp"

#include <openssl/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Valid until the function that was given it returns.
struct OpenAnswer {
    int status = 0;
    std::string_view body;
    double latency_ms = 0; // from when the request was due
};

/// One request, whole, and who reads its answer.
struct OpenRequest {
    std::string bytes;
    std::function<void(const OpenAnswer&)> took;
};

struct OpenRun {
    std::size_t sent = 0;
    double seconds = 0;           // from the beginning to the last answer
    double processor_seconds = 0; // of the thread that makes the load
    std::size_t waiting_max = 0;  // requests that were due and had no connection yet, at most
};

class OpenLoad {
public:
    /// Connects to 127.0.0.1 and checks the server's certificate by the authority. Throws
    /// std::runtime_error, as all here do.
    OpenLoad(std::uint16_t port, const std::string& authority_file, std::size_t connections);
    ~OpenLoad();
    OpenLoad(const OpenLoad&) = delete;
    OpenLoad& operator=(const OpenLoad&) = delete;

    /// What an arrival asks for; nothing as long as it can't be asked yet, because it needs the
    /// answer to another request.
    using RequestOf = std::function<std::optional<OpenRequest>(const Arrival&)>;

    /// For so long; returns when all are answered. Throws when one never is.
    OpenRun run(double seconds, Arrivals arrivals, const RequestOf& requestOf);

private:
    using Clock = std::chrono::steady_clock;
    struct Connection;
    struct Due {
        Clock::time_point at;
        Arrival arrival;
    };

    void connect(std::size_t index);
    void send(std::size_t index, Clock::time_point due, OpenRequest request);
    void receive(std::size_t index);
    /// Hands what is due to free connections.
    void sendDue(const RequestOf& requestOf);
    void waitUntil(Clock::time_point at);

    std::uint16_t port_;
    int poll_ = -1;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::deque<std::size_t> free_;
    std::deque<Due> due_;
    std::size_t on_their_way_ = 0;
};

} // namespace bench
