// StreamConnection: one stream from its name to its end, step by step. For one thread; no function
// waits. Private to streams.cpp.
#pragma once

#include "base/clock.hpp"
#include "egress/stream_name.hpp"
#include "egress/stream_socket.hpp"
#include "egress/streams.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hub::egress {

class StreamConnection {
public:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

    StreamConnection(const StreamSettings& settings,
                     const base::Clock& clock,
                     std::shared_ptr<StreamGauge> gauge);

    void open(StreamOpening opening, StreamDone done);
    void secure(std::int64_t timeout_ms, StreamDone done);
    void write(std::string bytes, std::int64_t timeout_ms, StreamDone done);
    void read(std::size_t bytes_max, std::int64_t timeout_ms, StreamDone done);
    /// Answers whoever waits.
    void close(const std::string& reason);

    /// What to poll; descriptor -1 when nothing has to be waited for.
    int descriptor() const;
    short events() const;
    /// Monotonic; when expire() has something to do.
    std::int64_t dueMs() const;

    /// Does what can be done now.
    void step();
    void expire();
    bool isClosed() const noexcept { return phase_ == Phase::Closed; }

private:
    using Progress = StreamSocket::Progress;
    enum class Phase { New, Resolving, Connecting, Handshake, Open, Closed };

    struct Setup {
        std::int64_t due_ms = 0;
        StreamDone done;
    };
    struct Write {
        std::string bytes;
        std::size_t written = 0;
        bool begun = false; // a part may have left
        std::int64_t due_ms = 0;
        StreamDone done;
    };
    struct Read {
        std::size_t bytes_max = 0;
        std::int64_t due_ms = 0;
        StreamDone done;
    };

    std::int64_t dueIn(std::int64_t timeout_ms, std::int64_t usual_ms) const;
    void stepResolving();
    void connectNext();
    void connected();
    void stepHandshake();
    void settleSetup(StreamAnswer answer);
    void refuseSecure(const StreamDone& done, hub_status status, const char* reason);
    void pumpWrites();
    void pumpRead();
    void settleRead(StreamAnswer answer);
    void fail(hub_status setup_status, const std::string& reason);

    const StreamSettings& settings_;
    const base::Clock& clock_;
    std::shared_ptr<StreamGauge> gauge_;
    Phase phase_ = Phase::New;
    StreamTarget target_;
    bool tls_ = false;
    std::int64_t deadline_ms_ = kNever; // monotonic
    std::optional<Resolution> resolution_;
    std::size_t next_address_ = 0;
    std::string connect_reason_;
    StreamSocket socket_;
    Progress setup_wants_ = Progress::Done;
    Progress write_wants_ = Progress::Done;
    Progress read_wants_ = Progress::Done;
    std::optional<Setup> setup_;
    std::deque<Write> writes_;
    std::optional<Read> read_;
    bool peer_ended_ = false;
    std::string lost_reason_; // found behind bytes that were handed out first
};

} // namespace hub::egress
