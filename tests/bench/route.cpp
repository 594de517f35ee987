#include "route.hpp"

#include "bench_store.hpp"
#include "rounds.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace bench {

namespace {

using Path = std::filesystem::path;

constexpr double kCalibrationSeconds = 1.0;
constexpr double kWarmUpShare = 1.0 / 6; // 5 s before 30 s
constexpr double kVoidAboveUs = 2000;    // a disk that stutters says nothing about latencies
constexpr int kLatencyRate = 1000;

struct Scenario {
    std::string name;
    Load load;
    Mark mark;
};

std::vector<Scenario> throughputScenarios()
{
    Load pipelined;
    Load sync;
    sync.window = 1;
    Load fanout;
    fanout.subscribers = 4;
    return {{"pipelined", pipelined, {Mark::Rule::AtLeast, 8}},
            {"sync", sync, {Mark::Rule::AtLeast, 0.33}},
            {"fanout4", fanout, {Mark::Rule::AtLeast, 5}}};
}

Load timed(Load load, const Options& options)
{
    load.seconds = options.seconds;
    load.warm_up_seconds = options.seconds * kWarmUpShare;
    return load;
}

/// One round with the disk's pace before and after it.
struct Measured {
    RoundResult result;
    DiskPace disk;
};

Measured playMeasured(Rounds& rounds, const Path& disk)
{
    flushDisk(disk);
    const DiskPace before = fdatasyncPace(disk, kCalibrationSeconds);
    Measured measured{rounds.play(), {}};
    const DiskPace after = fdatasyncPace(disk, kCalibrationSeconds);
    measured.disk = {(before.per_second + after.per_second) / 2,
                     (before.p50_us + after.p50_us) / 2,
                     std::max(before.p99_us, after.p99_us)};
    return measured;
}

nlohmann::json commonOf(const Options& options, const Load& load, const nlohmann::json& facts)
{
    nlohmann::json line = facts;
    line["runs"] = options.runs;
    line["seconds"] = load.seconds;
    line["warm_up_seconds"] = load.warm_up_seconds;
    line["window"] = load.window;
    line["subscribers"] = load.subscribers;
    return line;
}

nlohmann::json
throughputLine(BenchHub& hub, const Options& options, const Scenario& scenario, const Path& disk)
{
    const Load load = timed(scenario.load, options);
    hub.configure(librariesOf(load));
    hub.start();
    Rounds rounds(hub, load);
    std::vector<double> values;
    std::vector<double> limits;
    nlohmann::json each = nlohmann::json::array();
    for (int i = 0; i < options.runs; ++i) {
        const Measured measured = playMeasured(rounds, disk);
        values.push_back(measured.result.perSecond());
        limits.push_back(measured.disk.per_second);
        each.push_back({{"per_second", values.back()},
                        {"fdatasync_per_second", limits.back()},
                        {"events", measured.result.measured},
                        {"confirmed_us", measured.result.confirmed_us}});
    }
    nlohmann::json line = commonOf(options, load, circumstances(hub, rounds));
    hub.stop();
    line["name"] = scenario.name;
    line["unit"] = "events/s";
    line["limit_name"] = "fdatasync of 1 KiB per second on the same disk";
    line["rounds"] = each;
    judge(line, median(values), median(limits), scenario.mark);
    return line;
}

/// Latencies at a steady pace, counted from when an event was due: nobody is flattered by events
/// that were published late because the hub was slow.
Lines latencyLines(BenchHub& hub,
                   const Options& options,
                   const std::string& group,
                   const Path& disk)
{
    Load load;
    load.rate = kLatencyRate;
    load = timed(load, options);
    hub.configure(librariesOf(load));
    hub.start();
    Rounds rounds(hub, load);
    std::vector<Measured> good;
    nlohmann::json each = nlohmann::json::array();
    const auto runs = static_cast<std::size_t>(options.runs);
    while (good.size() < runs && each.size() < 2 * runs) {
        const Measured measured = playMeasured(rounds, disk);
        const bool is_void = measured.disk.p99_us > kVoidAboveUs;
        each.push_back(
            {{"void", is_void},
             {"confirmed_us", measured.result.confirmed_us},
             {"delivered_us", measured.result.delivered_us},
             {"fdatasync_us", {{"p50", measured.disk.p50_us}, {"p99", measured.disk.p99_us}}}});
        if (!is_void) {
            good.push_back(measured);
        }
    }
    nlohmann::json common = commonOf(options, load, circumstances(hub, rounds));
    hub.stop();
    common["unit"] = "us";
    common["events_per_second"] = kLatencyRate;
    common["limit_name"] = "p50 of fdatasync of 1 KiB on the same disk";
    common["rounds"] = each;
    Lines lines;
    for (const auto& [name, bound] : {std::pair{"p50", 4.0}, std::pair{"p99", 15.0}}) {
        nlohmann::json line = common;
        line["name"] = group + name;
        std::vector<double> values;
        std::vector<double> limits;
        for (const Measured& measured : good) {
            values.push_back(measured.result.confirmed_us.at(name));
            limits.push_back(measured.disk.p50_us);
        }
        if (values.empty()) {
            line["verdict"] = "void";
            line["void_because"] = "p99 of fdatasync was above 2 ms in every round";
        } else {
            judge(line, median(values), median(limits), {Mark::Rule::AtMost, bound});
        }
        lines.push_back(line);
    }
    return lines;
}

/// SQLite's rows: each figure begins with a copy of the same store.
template <typename Measure>
Lines onFilledStore(const Options& options, const Measure& measure)
{
    BenchHub hub({options.build, {}, filledInstallation(options, options.rows)});
    return measure(hub, hub.dataFolder());
}

/// PostgreSQL's rows are for information: one server, filled once, for all of them.
Lines onPostgres(const Options& options)
{
    const PostgresServer server;
    BenchHub hub({options.build, server.settings()});
    fill(hub, options.rows);
    Lines lines;
    for (Scenario scenario : throughputScenarios()) {
        scenario.name = "route.postgres." + scenario.name;
        lines.push_back(throughputLine(hub, options, scenario, server.folder()));
    }
    for (const nlohmann::json& line :
         latencyLines(hub, options, "route.postgres.", server.folder())) {
        lines.push_back(line);
    }
    for (nlohmann::json& line : lines) {
        line["store"] = server.show();
        line.erase("wanted");
        if (line.at("verdict") != "void") {
            line["verdict"] = "for information";
        }
    }
    return lines;
}

} // namespace

std::vector<Figure> routeFigures()
{
    std::vector<Figure> figures;
    for (Scenario scenario : throughputScenarios()) {
        scenario.name = "route." + scenario.name;
        figures.push_back({scenario.name, [scenario](const Options& options) {
                               return onFilledStore(options, [&](BenchHub& hub, const Path& disk) {
                                   return Lines{throughputLine(hub, options, scenario, disk)};
                               });
                           }});
    }
    figures.push_back({"route.latency", [](const Options& options) {
                           return onFilledStore(options, [&](BenchHub& hub, const Path& disk) {
                               return latencyLines(hub, options, "route.", disk);
                           });
                       }});
    figures.push_back({"route.postgres", &onPostgres});
    return figures;
}

} // namespace bench
