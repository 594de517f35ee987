// Create: what a payment costs the hub and its connector, and how many come through beside the
// simulated provider. Each create is answered when the provider's code is in the store.

#include "payments_hub.hpp"
#include "rsa.hpp"
#include "support/hub_process.hpp"

#include <stdexcept>

namespace bench {

namespace {

constexpr double kLimitSeconds = 1; // before and after each round
constexpr Mark kCpuMark = {Mark::Rule::AtMost, 4};
constexpr Mark kRateMark = {Mark::Rule::AtLeast, 0.25};

struct Rounds {
    std::vector<double> rates;
    std::vector<double> cpu;
    std::vector<double> signs;        // a second
    std::vector<double> seconds_each; // of one signature
    std::vector<double> latencies_ms;
    double hub_cpu = 0; // of the last round, a create
    double connector_cpu = 0;
};

void measureRound(const Options& options,
                  const PaymentsHub& hub,
                  HttpLoad& load,
                  Creates& creates,
                  Rounds& rounds)
{
    const auto took = [&](std::size_t, const HttpAnswer& answer) {
        creates.took(answer);
    };
    const double before = signRate(hub.merchantKey(), kLimitSeconds);
    const Spent begin = hub.spent();
    const HttpRun run = load.run(options.seconds, creates.next(), took);
    const Spent end = hub.spent();
    const double after = signRate(hub.merchantKey(), kLimitSeconds);
    creates.demandCodes();
    const auto count = static_cast<double>(run.answered);
    const double signs = (before + after) / 2;
    rounds.hub_cpu = (end.hub - begin.hub) / count;
    rounds.connector_cpu = (end.connector - begin.connector) / count;
    rounds.cpu.push_back((rounds.hub_cpu + rounds.connector_cpu) * 1e6);
    rounds.seconds_each.push_back(1e6 / signs);
    rounds.rates.push_back(run.perSecond());
    rounds.signs.push_back(signs);
    rounds.latencies_ms.insert(
        rounds.latencies_ms.end(), run.latencies_ms.begin(), run.latencies_ms.end());
}

Lines measure(const Options& options)
{
    PaymentsHub hub(options);
    hub.start();
    HttpLoad load(hub.port(), kConnections);
    Creates creates(hub, "create", kConnections);
    load.run(kWarmUpSeconds, creates.next(), [&](std::size_t, const HttpAnswer& answer) {
        creates.took(answer);
    });
    Rounds rounds;
    for (int i = 0; i < options.runs; ++i) {
        measureRound(options, hub, load, creates, rounds);
    }
    nlohmann::json common = hub.facts();
    common["without_code"] = creates.withoutCode();
    common["runs"] = options.runs;
    common["seconds"] = options.seconds;
    common["payments"] = rounds.latencies_ms.size();
    nlohmann::json cpu{{"name", "create.cpu"},
                       {"unit", "us of hub and connector a create"},
                       {"limit_name", "us of one RSA-2048 signature by EVP"},
                       {"hub_us", rounds.hub_cpu * 1e6},
                       {"connector_us", rounds.connector_cpu * 1e6}};
    cpu.update(common);
    judgeRounds(cpu, rounds.cpu, rounds.seconds_each, kCpuMark);
    nlohmann::json rate{{"name", "create.rate"},
                        {"unit", "creates/s"},
                        {"limit_name", "RSA-2048 signatures a second of one core by EVP"},
                        {"p50_ms", percentile(rounds.latencies_ms, 0.5)},
                        {"p99_ms", percentile(rounds.latencies_ms, 0.99)}};
    rate.update(common);
    judgeRounds(rate, rounds.rates, rounds.signs, kRateMark);
    return {cpu, rate};
}

} // namespace

std::vector<Figure> createFigures()
{
    return {{"create", measure}};
}

} // namespace bench
