// The hub's side of HUBP/1 for one process of one library: starts the real host, welcomes it, hands
// out deliveries and writes down everything that comes back. sdk/PROTOCOL.md is the text it
// follows.
#pragma once

#include "hubp/frames.hpp"
#include "process.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hub::conformance {

using Milliseconds = std::chrono::milliseconds;

/// Milliseconds since 1970-01-01T00:00:00Z.
std::int64_t unixNowMs();

/// Answers services and publications of the library. Called on the session's thread, must not wait;
/// `reply` may be called later, from any thread, while the session lives.
class Desk {
public:
    using Reply = std::function<void(hub_status, std::string result)>;

    virtual ~Desk() = default;
    virtual void serve(hubp::Service service, bool is_live, Reply reply) = 0;
    virtual hub_status publish(const hubp::Publish& publish) = 0;
    /// The delivery was answered.
    virtual void ended(hub_call_id delivery) = 0;
};

struct HostPlan {
    std::filesystem::path host;
    std::filesystem::path library;
    std::filesystem::path manifest;
    std::string manifest_json;
    std::string config_json;
    std::string sandbox;
    std::string uid;
};

struct Answer {
    bool arrived = false;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::string message;
    std::string payload;
    std::int64_t took_ms = 0;
};

/// How a session ended.
struct Ending {
    bool in_time = false; // the process ended by itself before the deadline of STOP and a little
    bool said_bye = false;
    std::optional<int> exit_code;
    std::string text;
    /// See stopWatched(); nothing when its end went by unseen.
    std::optional<std::vector<std::string>> threads_left;
};

class Session {
public:
    Session(HostPlan plan, Desk& desk);
    /// Kills what still runs.
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Waits until the library is ready. False: it ended or did not get there; why() says it.
    bool begin(Milliseconds patience);
    std::string why();
    /// Empty while it runs, or when a signal ended it.
    std::optional<int> exitCode();

    /// Sends one delivery at once; the id is what await() takes.
    hub_call_id call(hubp::Envelope envelope, std::string payload);
    hub_call_id callback(hubp::Envelope envelope, std::string payload);
    hub_call_id event(hubp::Envelope envelope, std::string payload);
    /// Leases the standing connection of the envelope's account.
    hub_call_id lease(hubp::Envelope envelope);
    /// Not arrived: no answer within `patience`, or the process ended before.
    Answer await(hub_call_id id, Milliseconds patience);
    /// An answer of the hub that nobody asked for: the host must ignore it.
    void strayServed(std::uint64_t service_id);

    /// STOP with this deadline; waits for the end.
    Ending stop(Milliseconds grace);
    /// The same while the host can't get rid of its last bytes, so that it stands still behind the
    /// library's stop() and its threads can be counted.
    Ending stopWatched(Milliseconds grace);

    /// Everything that the library said where people read: log lines, messages, output, and what
    /// it published.
    std::vector<std::string> said();
    /// The payloads of its answers.
    std::vector<std::string> payloads();
    /// The last service id that was asked for.
    std::uint64_t lastService();

private:
    struct Live {
        Answer answer;
        std::int64_t begun_ms = 0;
    };

    void run();
    void turn();
    void hear(const std::vector<std::string_view>& parts);
    void hear(const hubp::Frame& frame);
    void take(const hubp::Hello& hello);
    void take(const hubp::Outcome& outcome);
    void take(const hubp::Ack& ack);
    void take(const hubp::Publish& publish);
    void take(const hubp::Service& service);
    void take(const hubp::Credit& credit);
    void take(const hubp::Log& log);
    void take(const hubp::Bye& bye);
    template <typename Other>
    void take(const Other&)
    {}
    void settle(hub_call_id id, const Answer& answer);
    hub_call_id begin(hub_call_id id);
    void post(hubp::Frame frame);
    void note(std::string text);
    void sendWaiting();
    Ending finish(Milliseconds patience);
    std::optional<std::vector<std::string>> watchThreads(Milliseconds patience);

    struct Socket; // ZeroMQ stays out of this header
    const HostPlan plan_;
    Desk& desk_;
    std::string token_;
    std::filesystem::path folder_;
    std::unique_ptr<Socket> socket_;
    std::unique_ptr<Process> process_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<hubp::Frame> waiting_;
    std::map<hub_call_id, Live> live_;
    std::vector<std::string> said_;
    std::vector<std::string> payloads_;
    hub_call_id last_id_ = 0;
    std::uint64_t last_service_ = 0;
    bool is_ready_ = false;
    bool said_bye_ = false;
    bool deaf_ = false; // does not read what arrives
    bool ending_ = false;
    std::string problem_;
    std::thread thread_;
};

} // namespace hub::conformance
