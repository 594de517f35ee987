#include "route.hpp"

#include "bench_hub.hpp"
#include "limit.hpp"

#include <algorithm>

namespace bench {

namespace {

constexpr int kBytes = 1000; // with its JSON around it about 1 KiB
constexpr int kKeys = 1024;
constexpr double kCalibrationSeconds = 1.0;

struct Scenario {
    std::string name;
    int subscribers = 1;
    int window = 1000; // unconfirmed at a time
    int count = 0;     // events of one run
    Mark mark;
};

struct Run {
    double per_second = 0;
    double fdatasync_per_second = 0;
    nlohmann::json store;
    nlohmann::json groups;
};

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

Lines measure(const Options& options, const Scenario& scenario)
{
    std::vector<double> values;
    std::vector<double> limits;
    Run last;
    for (int i = 0; i < options.runs; ++i) {
        last = runOnce(options.build, scenario);
        values.push_back(last.per_second);
        limits.push_back(last.fdatasync_per_second);
    }
    nlohmann::json line{{"name", scenario.name},
                        {"unit", "events/s"},
                        {"limit_name", "fdatasync of 1 KiB per second in the same folder"},
                        {"runs", options.runs},
                        {"events", scenario.count},
                        {"window", scenario.window},
                        {"subscribers", scenario.subscribers},
                        {"payload_bytes", kBytes},
                        {"keys", kKeys},
                        {"credit", kCredit},
                        {"cursors", "with the next commit, at the latest after 10 ms"},
                        {"lane", last.groups},
                        {"store", last.store}};
    judge(line, median(values), median(limits), scenario.mark);
    return {line};
}

} // namespace

std::vector<Figure> routeFigures()
{
    const std::vector<Scenario> scenarios = {
        {"route.pipelined", 1, 1000, 60000, {Mark::Rule::AtLeast, 8}},
        {"route.sync", 1, 1, 4000, {Mark::Rule::AtLeast, 0.33}},
        {"route.fanout4", 4, 1000, 30000, {Mark::Rule::AtLeast, 5}},
    };
    std::vector<Figure> figures;
    for (const Scenario& scenario : scenarios) {
        figures.push_back({scenario.name, [scenario](const Options& options) {
                               return measure(options, scenario);
                           }});
    }
    return figures;
}

} // namespace bench
