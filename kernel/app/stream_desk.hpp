// StreamDesk: hub.stream/1 for libraries in other processes. Decides who may open a stream and who
// may use it, ends streams with the delivery that opened them, and marks the calls that are sent on
// one. A stream belongs to library and account: a call uses what the account's session opened.
#pragma once

#include "app/exchange_log.hpp"
#include "app/host_table.hpp"
#include "app/live_calls.hpp"
#include "base/clock.hpp"
#include "bus/router.hpp"
#include "egress/streams.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hub::app {

struct StreamParts {
    const HostTable& hosts;
    LiveCalls& live;
    ExchangeLog& exchanges;
    bus::Router& router;
    const base::Clock& clock;
    egress::StreamSettings settings;
    std::size_t streams_per_library_max = 64;
    /// `stream_exact` may name private and loopback addresses.
    bool demo = false;
};

/// Thread-safe; no function waits.
class StreamDesk {
public:
    explicit StreamDesk(StreamParts parts);
    ~StreamDesk();
    StreamDesk(const StreamDesk&) = delete;
    StreamDesk& operator=(const StreamDesk&) = delete;

    /// Answers through the router, maybe much later.
    void serve(const bus::HostId& host, const bus::ServiceFrame& frame);
    /// A call or a session was answered: its streams end, its mark is completed.
    void deliveryEnded(const bus::HostId& host, hub_call_id call, hub_status status);
    void hostLost(const bus::HostId& host);

private:
    using Gauge = std::shared_ptr<const egress::StreamGauge>;

    struct OpenStream {
        bus::HostId host;
        hub_call_id call = 0; // the delivery that opened it
        std::string account;
        Gauge gauge;
        bool tls = false;
    };
    /// A call that is being sent: the row of hub_exchange, to be completed when it is answered.
    struct Mark {
        bus::HostId host;
        egress::Record record;
        Gauge gauge;
        std::int64_t written_before = 0;
        std::int64_t read_before = 0;
    };
    using CallKey = std::pair<bus::HostId, hub_call_id>;

    void answer(const bus::HostId& host,
                std::uint64_t service_id,
                hub_status status,
                std::string result = {});
    egress::StreamDone answering(const bus::HostId& host, std::uint64_t service_id);
    void open(const bus::HostId& host, const bus::ServiceFrame& frame);
    void connect(const LiveCall& live, std::uint64_t service_id, egress::StreamOpening opening);
    bool mayOpenMore(const std::string& library);
    void begin(const bus::HostId& host, const bus::ServiceFrame& frame);
    void marked(const CallKey& key, Mark mark, bool granted, std::uint64_t service_id);
    bool mayUseTls(const bus::HostId& host) const;
    void secure(const bus::HostId& host, const bus::ServiceFrame& frame);
    void write(const bus::HostId& host, const bus::ServiceFrame& frame);
    void read(const bus::HostId& host, const bus::ServiceFrame& frame);
    void close(const bus::HostId& host, const bus::ServiceFrame& frame);
    /// Null when this library has no such stream.
    std::unique_ptr<OpenStream> find(const bus::HostId& host, std::uint64_t stream) const;
    /// Closes what fits. Without the lock.
    template <typename Fits>
    void closeAll(Fits fits);
    void complete(Mark mark, const std::string& ended);

    StreamParts parts_;
    mutable std::mutex mutex_;
    std::map<std::uint64_t, OpenStream> open_;
    std::map<CallKey, Mark> marks_;
    egress::Streams streams_; // last: its thread ends before what it tells goes
};

} // namespace hub::app
