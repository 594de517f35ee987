// Domain: the hub with a fair's applications, while people list and search, save drafts and submit
// at the rates of its height; on SQLite and on PostgreSQL.

#include "domain.hpp"

#include "disk_probe.hpp"
#include "domain_data.hpp"
#include "domain_hub.hpp"
#include "domain_load.hpp"
#include "domain_searches.hpp"
#include "domain_statements.hpp"
#include "process.hpp"
#include "support/hub_process.hpp"

#include <algorithm>
#include <array>

namespace bench {

namespace {

using nlohmann::json;

constexpr int kPersons = 460'000;
constexpr double kWarmUpSecondsMax = 5; // what the store's pages and statements need
constexpr std::size_t kConnections = 48;
constexpr double kVoidAboveMs = 2;

struct Wanted {
    const char* what;
    double p95_ms_max; // 0: for information
};
constexpr std::array kWanted = {
    Wanted{"list", 50}, Wanted{"search", 50}, Wanted{"submit", 30}, Wanted{"draft", 0}};

/// The figure "list.state" and its like, all p95.
json kindsOf(const DomainLoad& load, const std::string& what)
{
    json kinds = json::object();
    for (const auto& [name, values] : load.latenciesMs()) {
        if (name.starts_with(what + ".")) {
            kinds[name.substr(what.size() + 1)] = percentile(values, 0.95);
        }
    }
    return kinds;
}

json lineOf(const Wanted& wanted, const DomainLoad& load, const json& facts, double disk_p99_ms)
{
    const std::string what = wanted.what;
    const std::vector<double>& values = load.latenciesMs().at(what);
    json line = facts;
    line["name"] = "domain." + what + "_p95_ms";
    line["unit"] = "ms";
    line["limit_name"] = "1 ms";
    line["answers"] = values.size();
    line["p50_ms"] = percentile(values, 0.5);
    line["p99_ms"] = percentile(values, 0.99);
    const json kinds = kindsOf(load, what);
    if (!kinds.empty()) {
        line["p95_of_each_ms"] = kinds;
    }
    judge(line,
          percentile(values, 0.95),
          1,
          wanted.p95_ms_max > 0 ? Mark{Mark::Rule::AtMost, wanted.p95_ms_max} : Mark{});
    if (wanted.p95_ms_max > 0 && disk_p99_ms > kVoidAboveMs) {
        line["verdict"] = "void";
        line["void_because"] = "p99 of fdatasync was above 2 ms during the run";
    }
    return line;
}

Lines measureOn(const Options& options, double seconds, StoreKind store, const sample::Sizes& sizes)
{
    DomainHub hub(options, store, sizes);
    hub.start();
    const auto meter = hub.meter();
    demandRightLists(*meter, sizes);
    const json costs = statementCosts(*meter, sizes);
    const double warm_up = std::min(kWarmUpSecondsMax, seconds);
    const std::string token = hub.token();
    demandRightSearches(hub.hub(), token, sizes);
    DomainLoad load(sizes, token, warm_up);
    OpenLoad connections(
        hub.httpsPort(), (hub.hub().folder() / "simulator/ca.pem").string(), kConnections);
    const double hub_before = processorSeconds(hub.pid());
    DiskProbe disk(hub.storeFolder());
    const OpenRun run =
        connections.run(warm_up + seconds,
                        Arrivals(DomainLoad::rates()),
                        [&](const Arrival& arrival) { return load.requestOf(arrival); });
    const double disk_p99_ms = disk.p99Ms();
    const double hub_seconds = processorSeconds(hub.pid()) - hub_before;
    load.demandAnswered();
    const json facts = {{"store", hub.store()},
                        {"persons", sizes.persons},
                        {"organizations", sizes.organizations},
                        {"seconds", seconds},
                        {"requests", run.sent},
                        {"connections", kConnections},
                        {"waiting_max", run.waiting_max},
                        {"cores", std::thread::hardware_concurrency()},
                        {"load_cpu", run.processor_seconds / run.seconds},
                        {"hub_cpu", hub_seconds / run.seconds},
                        {"fdatasync_p99_ms", disk_p99_ms}};
    Lines lines;
    for (const Wanted& wanted : kWanted) {
        lines.push_back(lineOf(wanted, load, facts, disk_p99_ms));
    }
    json statements = facts;
    statements["name"] = "domain.statements";
    statements["unit"] = store == StoreKind::Sqlite ? "VM steps" : "rows of the plan";
    statements["costs"] = costs;
    lines.push_back(statements);
    return lines;
}

Lines measureDomain(const Options& options, const DomainOptions& domain)
{
    const sample::Sizes sizes =
        fairOf(static_cast<std::uint64_t>(std::min(options.rows, kPersons)));
    Lines lines;
    for (const StoreKind store : {StoreKind::Sqlite, StoreKind::Postgres}) {
        const char* name = store == StoreKind::Sqlite ? "sqlite" : "postgres";
        if (domain.store == name || domain.store == "both") {
            for (const json& line : measureOn(options, domain.seconds, store, sizes)) {
                lines.push_back(line);
            }
        }
    }
    return lines;
}

} // namespace

std::vector<Figure> domainFigures(const DomainOptions& domain)
{
    return {{"domain", [domain](const Options& options) {
                 return measureDomain(options, domain);
             }}};
}

} // namespace bench
