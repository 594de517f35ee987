#include "route.hpp"

#include "bench_hub.hpp"
#include "limit.hpp"

#include <algorithm>

namespace bench {

namespace {

constexpr int kBytes = 1000; // with its JSON around it about 1 KiB
constexpr int kKeys = 1024;
constexpr double kCalibrationSeconds = 1.0;

struct Run {
    double per_second = 0;
    double fdatasync_per_second = 0;
    nlohmann::json store;
    nlohmann::json groups;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

Run runOnce(const std::filesystem::path& build, const Scenario& scenario)
{
    std::vector<LibraryConfig> libraries;
    for (int i = 1; i <= scenario.subscribers; ++i) {
        libraries.push_back({"bench_subscriber_" + std::to_string(i), {{"count", scenario.count}}});
    }
    libraries.push_back({"bench_publisher",
                         {{"count", scenario.count},
                          {"window", scenario.window},
                          {"bytes", kBytes},
                          {"keys", kKeys}}});
    BenchHub hub(build, libraries);
    Run run;
    const double before = fdatasyncRate(hub.dataFolder(), kCalibrationSeconds);
    hub.start();
    const double begin_ms = hub.timeOf("bench.begin");
    double end_ms = begin_ms;
    for (int i = 1; i <= scenario.subscribers; ++i) {
        end_ms = std::max(end_ms, hub.timeOf("bench.done_" + std::to_string(i)));
    }
    const double after = fdatasyncRate(hub.dataFolder(), kCalibrationSeconds);
    run.per_second = scenario.count / std::max(1.0, end_ms - begin_ms) * 1000;
    run.fdatasync_per_second = (before + after) / 2;
    const auto facts = nlohmann::json::parse(hub.command("doctor"), nullptr, false);
    if (facts.is_array()) {
        for (const auto& fact : facts) {
            if (fact.value("subject", "") == "store settings") {
                run.store = fact.value("finding", "");
            } else if (fact.value("subject", "") == "lane") {
                run.groups = fact.value("finding", "");
            }
        }
    }
    return run;
}

} // namespace

const std::vector<Scenario>& routeScenarios()
{
    static const std::vector<Scenario> kScenarios = {
        {"route.pipelined", 1, 1000, 60000},
        {"route.sync", 1, 1, 4000},
        {"route.fanout4", 4, 1000, 30000},
    };
    return kScenarios;
}

nlohmann::json measureRoute(const std::filesystem::path& build, const Scenario& scenario, int runs)
{
    std::vector<double> values;
    std::vector<double> limits;
    Run last;
    for (int i = 0; i < runs; ++i) {
        last = runOnce(build, scenario);
        values.push_back(last.per_second);
        limits.push_back(last.fdatasync_per_second);
    }
    const double value = median(values);
    const double limit = median(limits);
    return {{"name", scenario.name},
            {"value", value},
            {"unit", "events/s"},
            {"limit", limit},
            {"limit_name", "fdatasync of 1 KiB per second in the same folder"},
            {"ratio", value / limit},
            {"runs", runs},
            {"events", scenario.count},
            {"window", scenario.window},
            {"subscribers", scenario.subscribers},
            {"payload_bytes", kBytes},
            {"keys", kKeys},
            {"credit", kCredit},
            {"cursors", "with the next commit, at the latest after 10 ms"},
            {"lane", last.groups},
            {"store", last.store}};
}

} // namespace bench
