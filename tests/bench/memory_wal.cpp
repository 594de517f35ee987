// The size of SQLite's write-ahead log under an hour of what a hub does at once: events at a steady
// pace with bursts, payments from order to notification, and readers that hardly ever pause.

#include "bench_store.hpp"
#include "memory.hpp"
#include "process.hpp"
#include "rounds.hpp"
#include "shopper.hpp"
#include "support/free_ports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kWalMebibytes = 128;
constexpr int kRate = 300;     // events a second …
constexpr int kBurst = 20'000; // … and a burst of so many after each minute
constexpr std::chrono::milliseconds kOrderEvery{200};
constexpr std::chrono::milliseconds kReaderPause{200};
constexpr std::chrono::seconds kSample{1};
constexpr const char* kKept = "a long snapshot keeps the log"; // the store's warning
constexpr int kTailedMax = 200'000;                            // events that one long reader reads

Ports findPorts()
{
    const auto ports = hub::test::findFreePorts(3);
    return {ports[0], ports[1], ports[2]};
}

/// One operator's command again and again, on a thread of its own.
class Reader {
public:
    /// `words` are asked for each time anew.
    Reader(const BenchHub& hub, std::function<std::string()> words)
        : hub_(hub)
        , words_(std::move(words))
        , thread_([this] { run(); })
    {}
    ~Reader() { stop(); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    void stop()
    {
        stopping_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    std::string words() const { return words_(); }
    std::int64_t count() const noexcept { return count_; }
    /// After stop().
    double longestSeconds() const noexcept { return longest_.count(); }
    const std::string& failure() const noexcept { return failure_; }

private:
    void run()
    {
        while (!stopping_ && failure_.empty()) {
            try {
                const auto begin = Clock::now();
                hub_.command(words_() + " >/dev/null", std::chrono::seconds(300));
                longest_ = std::max(longest_, std::chrono::duration<double>(Clock::now() - begin));
                ++count_;
                hub_.watch(kReaderPause); // starting the command is not what is to be measured
            } catch (const std::exception& problem) {
                failure_ = problem.what();
            }
        }
    }

    const BenchHub& hub_;
    const std::function<std::string()> words_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> count_{0};
    std::chrono::duration<double> longest_{0};
    std::string failure_;
    std::thread thread_;
};

/// Hub and simulator with everything that the mixed load needs.
struct Fair {
    explicit Fair(const Options& options, const Load& load)
        : ports(findPorts())
        , hub({options.build, {}, {}, ports})
    {
        hub.add(librariesOf(load));
        const std::filesystem::path folder = hub.folder() / "simulator";
        simulator.start({absolute(options.build) / "bin/expohub-simulator",
                         "serve",
                         "--folder",
                         folder,
                         "--port",
                         std::to_string(ports.simulator),
                         "--trust",
                         folder / "ca.pem"},
                        hub.folder() / "log/simulator.out");
        hub.start();
        const auto key = nlohmann::json::parse(hub.command(
            "api-key create --holder bench --scope payments:read --scope payments:write"));
        token = key.at("token");
        trust = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE,
                                       (folder / "ca.pem").string(),
                                       Poco::Net::Context::VERIFY_RELAXED);
    }

    chaos::Server gateway() const
    {
        return {static_cast<std::uint16_t>(ports.https), trust, token};
    }
    chaos::Server provider() const
    {
        return {static_cast<std::uint16_t>(ports.simulator), trust, ""};
    }
    double walMebibytes() const
    {
        std::error_code absent;
        const auto bytes = std::filesystem::file_size(hub.dataFolder() / "hub.db-wal", absent);
        return absent ? 0 : static_cast<double>(bytes) / (1024 * 1024);
    }

    Ports ports;
    BenchHub hub;
    Child simulator;
    std::string token;
    Poco::Net::Context::Ptr trust;
};

struct Samples {
    double largest_mebibytes = 0;
    double largest_rss_mb = 0;
};

/// Looks each second; a line on stderr each minute.
Samples sample(const Fair& fair,
               const Rounds& rounds,
               const Shopper& shopper,
               std::chrono::duration<double> time)
{
    Samples samples;
    double largest_of_minute = 0;
    int minute = 0;
    const auto begin = Clock::now();
    while (Clock::now() - begin < time) {
        fair.hub.watch(kSample);
        const double size = fair.walMebibytes();
        largest_of_minute = std::max(largest_of_minute, size);
        samples.largest_mebibytes = std::max(samples.largest_mebibytes, size);
        samples.largest_rss_mb = std::max(samples.largest_rss_mb, memoryOf(fair.hub.pid()).rss_mb);
        if (Clock::now() - begin >= std::chrono::minutes(minute + 1)) {
            ++minute;
            rounds.demandTheSamePublisher();
            std::cerr << fmt::format("bench: minute {}: log up to {:.1f} MiB (so far {:.1f}), {} "
                                     "payments, hub {:.0f} MB\n",
                                     minute,
                                     largest_of_minute,
                                     samples.largest_mebibytes,
                                     shopper.paid(),
                                     memoryOf(fair.hub.pid()).rss_mb);
            largest_of_minute = 0;
        }
    }
    return samples;
}

std::vector<std::unique_ptr<Reader>> startReaders(const BenchHub& hub)
{
    std::vector<std::unique_ptr<Reader>> readers;
    for (const char* words : {"ledger check", "payment list", "dead-letter list", "doctor"}) {
        readers.push_back(std::make_unique<Reader>(hub, [words] { return words; }));
    }
    readers.push_back(std::make_unique<Reader>(hub, [begin = Clock::now()] {
        // As many as must be there by now: it is to read and not to wait.
        const std::chrono::duration<double> passed = Clock::now() - begin;
        return fmt::format("event tail --from 1 --count {:.0f}",
                           std::clamp(passed.count() * kRate / 2, 1.0, kTailedMax * 1.0));
    }));
    return readers;
}

/// How often the lane wanted to begin the log again, and a reader's snapshot did not let it.
int countKept(const BenchHub& hub)
{
    const std::string log = contentOf(hub.folder() / "log/hub.log");
    int count = 0;
    for (std::size_t at = log.find(kKept); at != std::string::npos; at = log.find(kKept, at + 1)) {
        ++count;
    }
    return count;
}

nlohmann::json reportOf(const std::vector<std::unique_ptr<Reader>>& readers)
{
    nlohmann::json all = nlohmann::json::array();
    for (const auto& reader : readers) {
        if (!reader->failure().empty()) {
            throw std::runtime_error("a reader failed: " + reader->failure());
        }
        all.push_back({{"command", reader->words()},
                       {"times", reader->count()},
                       {"longest_seconds", reader->longestSeconds()}});
    }
    return all;
}

} // namespace

Lines measureWal(const Options& options)
{
    Load load;
    load.rate = kRate;
    load.burst_after = kRate * 60;
    load.burst = kBurst;
    load.seconds = options.minutes * 60;
    Fair fair(options, load);
    Rounds rounds(fair.hub, load);
    rounds.begin();
    Shopper shopper(fair.gateway(), fair.provider(), kOrderEvery);
    const auto readers = startReaders(fair.hub);
    const Samples samples =
        sample(fair, rounds, shopper, std::chrono::duration<double>(options.minutes * 60));
    shopper.stop();
    for (const auto& reader : readers) {
        reader->stop();
    }
    const RoundResult result = rounds.end();
    if (shopper.failed() != 0 || shopper.paid() == 0) {
        throw std::runtime_error(fmt::format("{} payments were paid and {} were not: {}",
                                             shopper.paid(),
                                             shopper.failed(),
                                             shopper.firstFailure()));
    }
    fair.hub.command("ledger check");
    nlohmann::json line = circumstances(fair.hub, rounds);
    line["name"] = "memory.wal";
    line["unit"] = "MiB";
    line["limit_name"] = "128 MiB";
    line["runs"] = 1;
    line["minutes"] = options.minutes;
    line["events"] = result.sent;
    line["payments"] = shopper.paid();
    line["confirmed_us"] = result.confirmed_us;
    line["readers"] = reportOf(readers);
    line["largest_rss_mb"] = samples.largest_rss_mb;
    line["kept_by_snapshots"] = countKept(fair.hub);
    line["missed_fails"] = true;
    judge(line, samples.largest_mebibytes, kWalMebibytes, {Mark::Rule::AtMost, 1});
    fair.hub.stop();
    return {line};
}

} // namespace bench
