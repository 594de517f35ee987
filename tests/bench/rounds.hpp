// Rounds: the publisher's load on a BenchHub, one measured round after the other, each checked for
// completeness and order by its subscribers.
#pragma once

#include "bench_hub.hpp"
#include "limit.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

inline constexpr int kPayloadBytes = 950; // with its JSON around it about 1 KiB
inline constexpr int kKeys = 1024;

struct Load {
    int subscribers = 1;
    int window = 1000;   // unconfirmed at a time
    int rate = 0;        // events a second; 0: as many as the window lets through
    int burst_after = 0; // after so many events …
    int burst = 0;       // … so many come unpaced
    double warm_up_seconds = 0;
    double seconds = 0;     // measured
    std::int64_t count = 0; // the measured part ends after so many events; 0: by time alone
};

/// Publisher and subscribers of the load.
std::vector<LibraryConfig> librariesOf(const Load& load);

struct RoundResult {
    std::int64_t sent = 0;     // with the warm-up's
    std::int64_t measured = 0; // events of the measured time
    double seconds = 0;        // from its begin until all of them were acknowledged by everybody
    double perSecond() const { return static_cast<double>(measured) / seconds; }
    nlohmann::json confirmed_us; // publish → PUBLISHED: {"count", "p50", "p99", "max"}
    nlohmann::json delivered_us; // publish → subscriber, of the slowest one
};

class Rounds {
public:
    /// Of a hub that runs with librariesOf(load). Waits until the publisher is ready.
    Rounds(BenchHub& hub, const Load& load);

    /// Begins a round and returns at once.
    void begin();
    /// Waits until it has ended; throws when an event was lost, doubled, out of order or refused.
    /// `subscribers_later` leaves the subscribers to endOfSubscribers().
    RoundResult end(bool subscribers_later = false);
    void endOfSubscribers(RoundResult& result, std::chrono::seconds limit);
    RoundResult play();

    /// Throws when the publisher's process is another one than at begin().
    void demandTheSamePublisher() const;

    /// Rows of the journal before the first round.
    std::int64_t rowsAtStart() const noexcept { return ready_seq_; }

private:
    BenchHub& hub_;
    Load load_;
    std::int64_t ready_seq_ = 0;
    int starts_ = 0;
    std::chrono::steady_clock::time_point begun_at_;
    double begin_ms_ = 0;
};

/// PRAGMAs or server settings as the store reports them, cores, payload: the same in each line.
nlohmann::json circumstances(const BenchHub& hub, const Rounds& rounds);

} // namespace bench
