#include "memory.hpp"

#include "bench_store.hpp"
#include "process.hpp"
#include "rounds.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include <signal.h>

namespace bench {

namespace {

constexpr double kIdleHubMb = 60;
constexpr double kIdleConnectorMb = 15;
constexpr double kQueueGrowthMb = 100;
constexpr double kCostBound = 1.3;
const std::string kSubscriber = "bench_subscriber_1";
constexpr int kFewRows = 1000;
constexpr std::int64_t kCostEvents = 10'000; // a journal of 1,000 rows must stay a small one
constexpr std::chrono::seconds kSettling{10};
constexpr std::chrono::seconds kLook{1};
constexpr std::chrono::minutes kPatience{30};

/// Until what `expohub doctor` finds about the subject satisfies `holds`.
template <typename Predicate>
void awaitFinding(const BenchHub& hub, const std::string& subject, const Predicate& holds)
{
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!holds(hub.finding(subject))) {
        hub.watch(kLook);
        if (std::chrono::steady_clock::now() > until) {
            throw std::runtime_error(subject + " stays at: " + hub.finding(subject));
        }
    }
}

void awaitStarted(const BenchHub& hub, const std::string& library)
{
    awaitFinding(hub, "library " + library, [](const std::string& finding) {
        return finding.rfind("started", 0) == 0;
    });
}

nlohmann::json lineOf(const std::string& name, const std::string& unit, const std::string& limit)
{
    return {{"name", name}, {"unit", unit}, {"limit_name", limit}, {"runs", 1}};
}

/// The demonstration's installation, with nothing to do.
Lines measureIdle(const Options& options)
{
    BenchHub hub({options.build, {"plugins.folder = " + absolute(options.build / "lib").string()}});
    hub.start();
    awaitStarted(hub, "payments");
    awaitStarted(hub, "payment_alipay");
    hub.watch(kSettling);
    const ProcessMemory own = memoryOf(hub.pid());
    double largest_mb = 0;
    nlohmann::json processes = nlohmann::json::array();
    bool has_connector = false;
    for (const pid_t child : childrenOf(hub.pid())) {
        const ProcessMemory memory = memoryOf(child);
        const std::string library = libraryOf(child);
        has_connector = has_connector || library == "payment_alipay";
        largest_mb = std::max(largest_mb, memory.rss_mb);
        processes.push_back({{"library", library},
                             {"rss_mb", memory.rss_mb},
                             {"anonymous_mb", memory.anonymous_mb}});
    }
    if (!has_connector) {
        throw std::runtime_error("the connector's process is not there: " + processes.dump());
    }
    hub.stop();
    nlohmann::json of_hub = lineOf("memory.idle.hub", "MB", "60 MB resident");
    of_hub["anonymous_mb"] = own.anonymous_mb;
    of_hub["peak_mb"] = own.peak_mb;
    judge(of_hub, own.rss_mb, kIdleHubMb, {Mark::Rule::AtMost, 1});
    nlohmann::json of_connector =
        lineOf("memory.idle.connector", "MB", "15 MB resident, the largest process of a library");
    of_connector["processes"] = processes;
    judge(of_connector, largest_mb, kIdleConnectorMb, {Mark::Rule::AtMost, 1});
    return {of_hub, of_connector};
}

/// Events that were committed since the hub started, as its lane counts them.
std::int64_t eventsOf(const std::string& lane)
{
    const std::size_t end = lane.find(" events");
    const std::size_t begin = end == std::string::npos ? end : lane.rfind(' ', end - 1);
    return begin == std::string::npos ? 0 : std::stoll(lane.substr(begin + 1, end - begin - 1));
}

/// Kills the library's process until the hub has given it up: the lane still has its subscription.
void giveUp(const BenchHub& hub, const std::string& library)
{
    awaitFinding(hub, "library " + library, [&](const std::string& finding) {
        for (const pid_t child : childrenOf(hub.pid())) {
            if (libraryOf(child) == library) {
                ::kill(child, SIGKILL);
            }
        }
        return finding.rfind("faulted", 0) == 0;
    });
}

/// The subscriber's process is gone for good while a million events come, until an operator starts
/// it again.
Lines measureQueue(const Options& options)
{
    Load load;
    load.seconds = 24 * 3600;
    load.count = options.rows;
    BenchHub hub({options.build, {"plugin_host.restarts_max = 1"}});
    hub.configure(librariesOf(load));
    hub.start();
    Rounds rounds(hub, load);
    awaitStarted(hub, kSubscriber);
    giveUp(hub, kSubscriber);
    hub.watch(kSettling);
    resetPeak(hub.pid());
    const double before_mb = memoryOf(hub.pid()).rss_mb;

    rounds.begin();
    awaitFinding(hub, "lane", [&](const std::string& finding) {
        return eventsOf(finding) > load.count; // with bench.end
    });
    RoundResult result = rounds.end(true);
    const double queued_mb = memoryOf(hub.pid()).peak_mb;

    const auto back = std::chrono::steady_clock::now();
    hub.command("plugin restart " + kSubscriber);
    awaitFinding(hub, "subscriber " + kSubscriber, [](const std::string& finding) {
        return finding.rfind("0 behind", 0) == 0;
    });
    const std::chrono::duration<double> catching_up = std::chrono::steady_clock::now() - back;
    rounds.endOfSubscribers(result, std::chrono::seconds(120));
    const double caught_up_mb = memoryOf(hub.pid()).peak_mb;

    nlohmann::json line = lineOf("memory.queue", "MB", "100 MB of growth");
    line.update(circumstances(hub, rounds));
    hub.stop();
    line["events"] = result.sent;
    line["before_mb"] = before_mb;
    line["growth_while_queued_mb"] = queued_mb - before_mb;
    line["growth_with_catching_up_mb"] = caught_up_mb - before_mb;
    line["caught_up_per_second"] = static_cast<double>(result.sent) / catching_up.count();
    judge(line, caught_up_mb - before_mb, kQueueGrowthMb, {Mark::Rule::AtMost, 1});
    return {line};
}

struct Cost {
    double processor_us = 0; // of the hub's process
    double elapsed_us = 0;
    std::int64_t rows = 0;
};

/// A few events on a hub just started, so that both sides begin alike.
Cost costOn(BenchHub& hub)
{
    Load load;
    load.seconds = 24 * 3600;
    load.count = kCostEvents;
    hub.configure(librariesOf(load));
    flushDisk(hub.dataFolder());
    hub.start();
    Rounds rounds(hub, load);
    awaitStarted(hub, kSubscriber);
    const double before = processorSeconds(hub.pid());
    const RoundResult result = rounds.play();
    const double spent = processorSeconds(hub.pid()) - before;
    hub.stop();
    return {spent / static_cast<double>(result.sent) * 1e6,
            result.seconds / static_cast<double>(result.measured) * 1e6,
            rounds.rowsAtStart()};
}

Lines measureCost(const Options& options)
{
    const std::filesystem::path few = filledInstallation(options, kFewRows);
    const std::filesystem::path many = filledInstallation(options, options.rows);
    BenchHub old({options.build, {}, many});
    std::vector<Cost> costs_few;
    std::vector<Cost> costs_many;
    for (int i = 0; i < 2 * options.runs + 1; ++i) {
        BenchHub young({options.build, {}, few});
        const Cost of_few = costOn(young);
        const Cost of_many = costOn(old);
        if (i > 0) { // the first reads programs and files
            costs_few.push_back(of_few);
            costs_many.push_back(of_many);
        }
    }
    Lines lines;
    for (const auto& [name, part] :
         {std::pair{"processor", &Cost::processor_us}, std::pair{"elapsed", &Cost::elapsed_us}}) {
        const auto medianOf = [part = part](const std::vector<Cost>& costs) {
            std::vector<double> values;
            for (const Cost& cost : costs) {
                values.push_back(cost.*part);
            }
            return median(values);
        };
        nlohmann::json line = lineOf(std::string("memory.cost.") + name,
                                     "us per event",
                                     "the same on a journal of 1,000 rows");
        line["runs"] = costs_many.size();
        line["rows_at_start"] = costs_many.front().rows;
        line["events"] = kCostEvents;
        judge(line, medianOf(costs_many), medianOf(costs_few), {Mark::Rule::AtMost, kCostBound});
        lines.push_back(line);
    }
    return lines;
}

} // namespace

std::vector<Figure> memoryFigures()
{
    return {{"memory.idle", &measureIdle},
            {"memory.queue", &measureQueue},
            {"memory.cost", &measureCost},
            {"memory.wal", &measureWal}};
}

} // namespace bench
