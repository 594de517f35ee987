// Wire: the DEALER socket and the one thread that owns it. Other threads hand messages over; the
// thread answers PING, notices a silent hub and returns credit for what was answered.
#pragma once

#include "base/clock.hpp"
#include "hubp/batch.hpp"
#include "hubp/socket.hpp"

#include <zmq.hpp>

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace hub::plugin_host {

/// Told on the wire's thread: hand over and return, never wait.
class WireListener {
public:
    virtual ~WireListener() = default;
    virtual void received(hubp::Frame frame) = 0;
    /// The hub is silent or refused this host. Comes at most once, nothing follows.
    virtual void lost(const std::string& reason) = 0;
};

class Wire {
public:
    Wire(zmq::context_t& context, const std::string& endpoint);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// Says HELLO and waits for WELCOME. Before start(), on the thread that made the wire.
    Result<hubp::Welcome> greet(const hubp::Hello& hello);
    void start(const hubp::Welcome& welcome, WireListener& listener);

    /// Thread-safe, never waits. The error names the limit that the frame breaks.
    Result<void> send(const hubp::Frame& frame);
    /// For the answer to a CALL or an EVENT: the hub gets one credit back with it.
    Result<void> sendAnswer(const hubp::Frame& frame);
    /// Drops the line when too many messages wait.
    void log(std::int32_t level, std::string_view message);

    /// Sends what waits, then BYE as the last message, as far as the hub takes it soon, and ends
    /// the thread. What is sent afterwards goes nowhere.
    void finish(std::string bye_message);

private:
    struct Outgoing {
        hubp::Message message;
        std::uint32_t credit = 0;
    };

    Result<void> enqueue(const hubp::Frame& frame, std::uint32_t credit);
    void end();
    void run();
    void waitForWork();
    void takeOutgoing();
    void flush();
    void receive();
    void checkSilence();
    void handle(hubp::Frame frame);
    void handleEach(const hubp::Batch& batch);
    void lose(const std::string& reason);

    base::SystemClock clock_;
    zmq::socket_t socket_;
    hubp::ReceivedMessage received_;
    WireListener* listener_ = nullptr;
    std::int64_t silence_max_ms_ = 0;
    std::int64_t heard_ms_ = 0;
    std::deque<hubp::Message> backlog_;
    std::optional<hubp::Message> leaving_; // the socket did not take it yet
    bool lost_ = false;
    bool ending_ = false; // nothing comes behind what is in the backlog

    int wake_ = -1; // eventfd
    std::mutex mutex_;
    std::deque<Outgoing> outgoing_;
    std::uint64_t log_lines_dropped_ = 0;
    bool finishing_ = false;
    std::thread thread_;
};

} // namespace hub::plugin_host
