// One request of a merchant from its bytes to what leaves the socket, with the scripted faults in
// between, and the memory of the latest exchanges for tests.
#pragma once

#include "core/faults.hpp"
#include "core/provider.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace hub::simulator {

/// What the server does with the connection.
struct Ending {
    enum class Kind { Reply, Reset, TlsClose };
    Kind kind = Kind::Reply;
    Reply reply = {};
    std::int64_t delay_ms = 0; ///< before the reply, or before the connection ends
    std::int64_t drip_ms = 0;  ///< between the bytes of the reply; 0: all at once
};

/// Runs work at a later time on its own thread. What is still waiting at the end is not run.
class Later {
public:
    Later();
    ~Later();
    Later(const Later&) = delete;
    Later& operator=(const Later&) = delete;

    void run(std::int64_t after_ms, std::function<void()> work);

private:
    void loop();

    std::mutex guard_;
    std::condition_variable changed_;
    std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

/// Thread-safe. Kept in memory only: the books are what survives.
class ExchangeLog {
public:
    void add(Json exchange);
    /// The latest `limit`, oldest first.
    Json latest(std::size_t limit) const;

private:
    mutable std::mutex guard_;
    std::deque<Json> exchanges_;
    std::int64_t next_ = 1;
};

class Exchange {
public:
    /// `booked` is called after every change of the books.
    Exchange(Faults& faults, ExchangeLog& log, std::function<void()> booked);

    Ending handle(Provider& provider, const HttpMessage& message);

private:
    Ending apply(Provider& provider, const Call& call, const FaultRule& rule, Answer& answer);
    Answer settle(Provider& provider, const Call& call);
    void bookLate(Provider& provider, const Call& call, std::int64_t after_ms);

    Faults& faults_;
    ExchangeLog& log_;
    std::function<void()> booked_;
    Later later_;
};

} // namespace hub::simulator
