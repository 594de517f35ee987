// Streams: the TCP and TLS connections that the hub holds for connectors. Knows nothing of calls
// and accounts: who may open one, and what may be sent on it, is decided before.
//
// One thread polls all of them and does all their reading, writing and cryptography. An SSL object
// is not made for two threads; here reads and writes of one stream come from many threads and need
// no lock, a read that waits costs no thread, and closing never has to wait for somebody who is
// inside. The price, one core for all streams, is far above what messages need.
#pragma once

#include "base/clock.hpp"
#include "egress/stream_target.hpp"

#include <hub/plugin.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hub::egress {

struct StreamSettings {
    std::string ca_file; // empty: the system's
    std::int64_t connect_timeout_ms = 3000;
    std::int64_t read_timeout_ms = 10000;
    std::int64_t write_timeout_ms = 15000;
    std::size_t bytes_max = HUB_PAYLOAD_BYTES_MAX; // of one write or read
};

/// How an operation ended: the statuses of hub/ext/stream.h. `reason` is for operators.
struct StreamAnswer {
    hub_status status = HUB_INTERNAL;
    std::string bytes;
    std::string reason;
};

/// Called once, on the streams' thread: hand over and return. Must not throw.
using StreamDone = std::function<void(StreamAnswer)>;

/// What may be seen of a stream from outside, also after its end. Thread-safe.
struct StreamGauge {
    std::uint64_t id = 0;
    std::string origin;
    std::atomic<bool> open{false};
    std::atomic<bool> closed{false}; // for good
    std::atomic<std::int64_t> bytes_written{0};
    std::atomic<std::int64_t> bytes_read{0};
};

struct StreamOpening {
    StreamTarget target;
    bool tls = true;
    std::int64_t timeout_ms = 0;  // 0: the hub's; so in all that follows
    std::int64_t deadline_ms = 0; // the stream ends then; 0: never by itself
};

/// Thread-safe.
class Streams {
public:
    Streams(StreamSettings settings, const base::Clock& clock);
    /// Closes all; what waits is answered.
    ~Streams();
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;

    /// The stream exists from now on, so that it can be closed while it is being connected.
    std::shared_ptr<const StreamGauge> open(StreamOpening opening, StreamDone done);
    void secure(std::uint64_t stream, std::int64_t timeout_ms, StreamDone done);
    void write(std::uint64_t stream, std::string bytes, std::int64_t timeout_ms, StreamDone done);
    void
    read(std::uint64_t stream, std::size_t bytes_max, std::int64_t timeout_ms, StreamDone done);
    /// Whoever waits is answered first. Does nothing when the stream is not there.
    void close(std::uint64_t stream);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::egress
