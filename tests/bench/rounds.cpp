#include "rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

namespace bench {

namespace {

constexpr const char* kPublisher = "bench_publisher";
constexpr std::chrono::seconds kMargin{120}; // for what is on its way at the end of a round

std::string doneType(int subscriber)
{
    return "bench.done_" + std::to_string(subscriber);
}

int toMilliseconds(double seconds)
{
    return static_cast<int>(std::lround(seconds * 1000));
}

} // namespace

std::vector<LibraryConfig> librariesOf(const Load& load)
{
    std::vector<LibraryConfig> libraries;
    for (int i = 1; i <= load.subscribers; ++i) {
        libraries.push_back({"bench_subscriber_" + std::to_string(i), {{"keys", kKeys}}});
    }
    libraries.push_back({"bench_publisher",
                         {{"window", load.window},
                          {"bytes", kPayloadBytes},
                          {"keys", kKeys},
                          {"rate", load.rate},
                          {"burst_after", load.burst_after},
                          {"burst", load.burst},
                          {"warm_up_ms", toMilliseconds(load.warm_up_seconds)},
                          {"measured_ms", toMilliseconds(load.seconds)},
                          {"count", load.count}}});
    return libraries;
}

Rounds::Rounds(BenchHub& hub, const Load& load)
    : hub_(hub)
    , load_(load)
{
    ready_seq_ = hub_.events({"bench.ready"}, kMargin).at("bench.ready").at("seq");
}

void Rounds::begin()
{
    starts_ = hub_.starts(kPublisher);
    // Settled by the publisher before it can be replayed to it.
    const auto until = std::chrono::steady_clock::now() + kMargin;
    const std::string words = fmt::format("event replay bench_publisher {}", ready_seq_);
    while (true) {
        try {
            hub_.command(words);
            begun_at_ = std::chrono::steady_clock::now();
            return;
        } catch (const std::runtime_error&) {
            if (std::chrono::steady_clock::now() > until) {
                throw;
            }
            hub_.watch(std::chrono::milliseconds(50));
        }
    }
}

void Rounds::demandTheSamePublisher() const
{
    if (hub_.starts(kPublisher) != starts_) {
        throw std::runtime_error("the publisher was started again and has forgotten its task; the "
                                 "hub's log says why");
    }
}

RoundResult Rounds::end(bool subscribers_later)
{
    // Nobody reads along while it is measured: the events are looked for when they must be there.
    if (load_.count == 0) {
        const auto over = begun_at_ + std::chrono::milliseconds(
                                          toMilliseconds(load_.warm_up_seconds + load_.seconds));
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            over - std::chrono::steady_clock::now());
        hub_.watch(std::max(left, std::chrono::milliseconds(0)));
    }
    demandTheSamePublisher();
    const std::chrono::seconds limit =
        kMargin + std::chrono::seconds(std::lround(load_.warm_up_seconds + load_.seconds));
    auto found = hub_.events({"bench.begin", "bench.end"}, limit);
    const auto& said = found.at("bench.end").at("payload");
    RoundResult result;
    begin_ms_ = timeOf(found.at("bench.begin"));
    result.sent = said.at("sent");
    result.measured = said.at("measured");
    result.confirmed_us = said.at("confirmed_us");
    result.seconds = (timeOf(found.at("bench.end")) - begin_ms_) / 1000;
    if (said.at("failed") != 0 || result.measured == 0) {
        throw std::runtime_error("events were not published: " + said.dump());
    }
    if (!subscribers_later) {
        endOfSubscribers(result, limit);
    }
    return result;
}

void Rounds::endOfSubscribers(RoundResult& result, std::chrono::seconds limit)
{
    std::vector<std::string> types;
    for (int i = 1; i <= load_.subscribers; ++i) {
        types.push_back(doneType(i));
    }
    for (const auto& [type, event] : hub_.events(types, limit)) {
        const auto& said = event.at("payload");
        if (said.at("faults") != 0 || said.at("handled") != result.sent) {
            throw std::runtime_error(fmt::format(
                "of {} events not each came once in order: {} {}", result.sent, type, said.dump()));
        }
        result.seconds = std::max(result.seconds, (timeOf(event) - begin_ms_) / 1000);
        if (result.delivered_us.is_null() ||
            said.at("delivered_us").value("p99", 0) > result.delivered_us.value("p99", 0)) {
            result.delivered_us = said.at("delivered_us");
        }
    }
}

RoundResult Rounds::play()
{
    begin();
    return end();
}

nlohmann::json circumstances(const BenchHub& hub, const Rounds& rounds)
{
    return {{"rows_at_start", rounds.rowsAtStart()},
            {"store", hub.finding("store settings")},
            {"lane", hub.finding("lane")},
            {"cores", std::thread::hardware_concurrency()},
            {"payload_bytes", kPayloadBytes},
            {"keys", kKeys},
            {"credit", kCredit},
            {"cursors", "with the next commit, at the latest after 10 ms"}};
}

} // namespace bench
