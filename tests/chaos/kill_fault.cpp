// kill: processes of the hub die by kill -9 at random moments.

#include "fault.hpp"
#include "killer.hpp"
#include "workload.hpp"

#include <iostream>

namespace chaos {

namespace {

constexpr int kFullRounds = 50;

int run(const Options& options)
{
    const WorkloadKind& kind = findWorkload(options.load);
    std::cout << "kill: " << options.rounds << " rounds of kill -9, " << kind.name << ", "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    Installation installation(options, kind.setup(options));
    const auto load = kind.start(installation);
    Killer killer(installation, *load, options.seed);
    for (int round = 1; round <= options.rounds; ++round) {
        killer.round(round);
    }
    load->stop();

    const Kills& kills = killer.kills();
    const auto share = [&](std::int64_t whole) {
        return shareOf(whole, options.rounds, kFullRounds);
    };
    Proof proof;
    proof.failures = kills.failures;
    proof.figures = {"killed: hub " + std::to_string(kills.count[0]) + ", connector " +
                     std::to_string(kills.count[1]) + ", subscriber " +
                     std::to_string(kills.count[2]) + "; longest return: hub " +
                     std::to_string(kills.longest_hub.count()) + " ms (limit 5000), connector " +
                     std::to_string(kills.longest_connector.count()) + " ms"};
    proof.floors = {{"kills of the hub", kills.count[0], share(20)},
                    {"kills of the connector", kills.count[1], share(20)}};
    return load->conclude(proof, {share(2'000), share(500)}) ? 0 : 1;
}

} // namespace

extern const Fault kKillFault;
const Fault kKillFault = {"kill",
                          "kill -9 of hub, connector and subscriber at random moments",
                          kFullRounds,
                          4,
                          run,
                          true};

} // namespace chaos
