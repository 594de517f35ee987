// The peer of the account's streams, played in memory from "stream" of conformance.json: it takes
// lines and gives lines. A rule may refuse connections and marks, cut, and let it speak unasked.
#pragma once

#include "hubp/services.hpp"
#include "json.hpp"
#include "session.hpp"

#include <map>
#include <set>

namespace hub::conformance {

/// One line that the library wrote.
struct Line {
    std::string text;
    bool is_message = false;          // one that needs a mark
    std::set<hub_call_id> marked;     // begun on this stream before the line came
    std::size_t publications_put = 0; // published well before the line came
};

/// Thread-safe; calls replies on its own thread and on the caller's.
class StreamPeer {
public:
    /// `plan` is the member "stream"; `allowed` says whether an address may be opened.
    StreamPeer(Json plan, std::function<bool(const std::string&)> allowed);
    ~StreamPeer();
    StreamPeer(const StreamPeer&) = delete;
    StreamPeer& operator=(const StreamPeer&) = delete;

    /// Nobody is reached any more; what is open is lost.
    void goDown();
    /// begin() is refused as too late.
    void refuseMarks();
    /// The next message arrives, and then the stream is lost without an answer.
    void cutAtMessage();
    /// Loses every stream.
    void cut();
    /// Says "unasked" on every open stream.
    void speak();

    std::vector<Line> lines();
    /// Waits until a line that is so has come.
    bool waitForLine(const std::function<bool(const Line&)>& is_it, Milliseconds patience);
    /// Waits until something was said on a stream and the library waits for more.
    bool waitForReader(Milliseconds patience);
    /// True when the line acknowledges what was said unasked.
    bool acknowledges(const Line& line) const;
    bool speaksUnasked() const { return plan_.contains("unasked"); }

    void serve(const hubp::Service& service, Desk::Reply reply);
    /// The delivery is over: its streams are closed.
    void endOf(hub_call_id delivery);
    void countPublication();

private:
    struct Reader {
        Desk::Reply reply;
        std::size_t bytes_max = 0;
        std::int64_t until_ms = 0;
    };
    struct Connection {
        hub_call_id delivery = 0;
        std::string from_library; // behind the last whole line
        std::string to_library;
        std::set<hub_call_id> marked;
        std::optional<Reader> reader;
        bool has_spoken = false;
        bool is_lost = false;
    };
    /// What is said to the library once the lock is gone.
    using Replies = std::vector<std::function<void()>>;

    std::pair<hub_status, std::string> open(const hubp::Service& service);
    hub_status begin(const hubp::Service& service);
    hub_status write(const hubp::Service& service, Replies& replies);
    void read(const hubp::Service& service, Desk::Reply reply, Replies& replies);
    void take(Connection& connection, const std::string& text);
    void feed(Connection& connection, Replies& replies);
    void lose(Connection& connection, Replies& replies);
    void watchTime();

    const Json plan_;
    const std::function<bool(const std::string&)> allowed_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Connection> connections_;
    std::vector<Line> lines_;
    std::size_t publications_ = 0;
    bool is_down_ = false;
    bool refuses_marks_ = false;
    bool cuts_at_message_ = false;
    bool ending_ = false;
    std::thread timer_;
};

} // namespace hub::conformance
