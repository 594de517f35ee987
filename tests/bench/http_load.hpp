// HttpLoad: a closed loop over kept connections by one thread. It shares the machine with the hub,
// so it does no more than send bytes that are ready and find the end of an answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Valid until the function that was given it returns.
struct HttpAnswer {
    int status = 0;
    std::string_view body;
    double latency_ms = 0; // from the request's first byte on
};

struct HttpRun {
    std::size_t answered = 0;
    double seconds = 0; // from the first request to the last answer
    std::vector<double> latencies_ms;

    double perSecond() const { return static_cast<double>(answered) / seconds; }
};

class HttpLoad {
public:
    /// The next request of a connection, whole; null: it has none left. Valid until it is asked
    /// for the connection's next one.
    using Next = std::function<const std::string*(std::size_t connection)>;
    using Took = std::function<void(std::size_t connection, const HttpAnswer& answer)>;

    /// Connects to 127.0.0.1. Throws std::runtime_error when nobody listens.
    HttpLoad(std::uint16_t port, std::size_t connections);
    ~HttpLoad();
    HttpLoad(const HttpLoad&) = delete;
    HttpLoad& operator=(const HttpLoad&) = delete;

    /// Each connection has one request on its way. After `seconds` no further one is sent; returns
    /// when all are answered. Throws std::runtime_error when one never is.
    HttpRun run(double seconds, const Next& next, const Took& took);

private:
    using Clock = std::chrono::steady_clock;
    struct Connection {
        int socket = -1;
        std::string received;
        Clock::time_point sent;
        bool waiting = false;
    };

    void connect(std::size_t index);
    void send(std::size_t index, const std::string& request);
    /// False while the answer is not whole.
    bool receive(std::size_t index, const Took& took, HttpRun& run);

    std::uint16_t port_;
    int poll_ = -1;
    std::vector<Connection> connections_;
};

} // namespace bench
