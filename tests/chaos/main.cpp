// expohub-chaos: puts a hub under load, kills its processes at random moments, lets it heal and
// counts what was lost, doubled or out of order.

#include "installation.hpp"
#include "killer.hpp"
#include "options.hpp"
#include "oracle.hpp"
#include "portal.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SSLManager.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace chaos;

constexpr Milliseconds kHealLimit{120'000};
constexpr std::size_t kShownMax = 20;
constexpr int kFullRounds = 50;

/// Below these a full run has proved too little; shorter ones owe their share.
struct Floor {
    std::int64_t acknowledged = 2'000;
    std::int64_t charges = 500;
    std::int64_t kills = 20; ///< of the hub and of the connector

    static Floor of(int rounds)
    {
        const std::int64_t share = std::min(rounds, kFullRounds);
        Floor floor;
        for (std::int64_t* value : {&floor.acknowledged, &floor.charges, &floor.kills}) {
            *value = *value * share / kFullRounds;
        }
        return floor;
    }
};

/// Answers that come late or never leave calls open for a kill to hit.
Json scriptedFaults(std::uint64_t seed)
{
    static constexpr int kLateMs = 250;
    const auto rule = [](const char* fault, const char* by, const char* value, double chance) {
        return Json{{"fault", fault},
                    {"ms", kLateMs},
                    {"match", {{by, value}, {"times", 0}, {"chance", chance}}}};
    };
    Json rules = Json::array({rule("notify_none", "event", "TRADE_SUCCESS", 0.08),
                              rule("notify_duplicate", "event", "TRADE_SUCCESS", 0.08),
                              rule("notify_parallel", "event", "TRADE_SUCCESS", 0.05),
                              rule("drop_after_booking", "method", "alipay.trade.precreate", 0.04),
                              rule("drop_before_booking", "method", "alipay.trade.precreate", 0.03),
                              rule("delay", "method", "alipay.trade.precreate", 0.20),
                              rule("drop_after_booking", "method", "alipay.trade.refund", 0.08),
                              rule("delay", "method", "alipay.trade.refund", 0.40)});
    return {{"seed", seed}, {"rules", std::move(rules)}};
}

Evidence gather(const Installation& installation)
{
    Evidence evidence;
    evidence.books = readBooks(installation.simulator());
    evidence.payments = readPayments(installation.hub());
    evidence.record = readRecord(installation.recordFile());
    return evidence;
}

/// The provider tells again what was not heard: its schedule runs on, by the test clock, and what
/// a fault swallowed is sent once more.
void sendNotificationsAgain(HttpsClient& simulator, const Evidence& evidence)
{
    constexpr int kAdvanceSeconds = 60;
    simulator.post("/control/clock", {{"advance_s", kAdvanceSeconds}});
    for (const auto& [id, payment] : evidence.payments) {
        const auto charges = evidence.books.charges.find(payment.at("subject"));
        if (payment.at("state") == "paid" || charges == evidence.books.charges.end()) {
            continue;
        }
        for (const Charge& charge : charges->second) {
            simulator.post("/control/notify", {{"out_trade_no", charge.number}});
        }
    }
}

Evidence heal(const Installation& installation, const Memory& memory)
{
    HttpsClient simulator(installation.simulator());
    simulator.remove("/control/faults");
    const auto start = Clock::now();
    Evidence evidence;
    waitUntil(
        kHealLimit,
        [&] {
            evidence = gather(installation);
            if (judge(memory, evidence).lost.empty()) {
                return true;
            }
            sendNotificationsAgain(simulator, evidence);
            return false;
        },
        Milliseconds{500});
    std::cout << "healed in " << since(start).count() << " ms" << std::endl;
    return evidence;
}

void show(const char* title, const std::vector<std::string>& sentences)
{
    for (std::size_t i = 0; i < std::min(sentences.size(), kShownMax); ++i) {
        std::cout << title << ": " << sentences[i] << "\n";
    }
}

void showExposure(const Memory& memory, const Evidence& evidence, const Kills& kills)
{
    const Exposure exposure = memory.exposure();
    std::cout << "acknowledged " << exposure.acknowledged << ", charges "
              << evidence.books.charge_count << ", refunds " << evidence.books.refund_count
              << ", payments " << evidence.payments.size() << ", parallel creates "
              << exposure.parallel << ", repeated requests " << exposure.repeats
              << ", notifications sent " << evidence.books.deliveries << ", events "
              << evidence.record.events.size() << ", redeliveries " << evidence.record.redeliveries
              << "\n"
              << "killed: hub " << kills.count[0] << ", connector " << kills.count[1]
              << ", subscriber " << kills.count[2] << "; longest return: hub "
              << kills.longest_hub.count() << " ms (limit 5000), connector "
              << kills.longest_connector.count() << " ms\n";
}

bool isAboveFloor(const Memory& memory, const Evidence& evidence, const Kills& kills, int rounds)
{
    const Floor floor = Floor::of(rounds);
    const bool above = memory.exposure().acknowledged >= floor.acknowledged &&
                       evidence.books.charge_count >= floor.charges &&
                       kills.count[0] >= floor.kills && kills.count[1] >= floor.kills;
    std::cout << "floor for " << rounds << " rounds: acknowledged " << floor.acknowledged
              << ", charges " << floor.charges << ", kills of hub and of connector " << floor.kills
              << (above ? ": reached" : ": NOT REACHED, the run proves too little") << "\n";
    return above;
}

bool isLedgerBalanced(const Installation& installation,
                      const Evidence& evidence,
                      std::int64_t balance_before_minor)
{
    const Ended check = installation.command({"ledger", "check", "--json"});
    const std::int64_t net = netOf(evidence.payments);
    const std::int64_t earned = evidence.books.balance_minor - balance_before_minor;
    if (check.code != 0) {
        std::cout << "ledger: expohub ledger check ended with " << check.code << ": "
                  << check.output << "\n";
    }
    if (net != earned) {
        std::cout << "ledger: the hub says " << net << " was kept, the provider's balance says "
                  << earned << "\n";
    }
    return check.code == 0 && net == earned;
}

int runRounds(const Options& options)
{
    std::cout << "expohub-chaos: " << options.rounds << " rounds of kill -9, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    Installation installation(options);
    const std::int64_t balance_before = readBooks(installation.simulator()).balance_minor;
    HttpsClient simulator(installation.simulator());
    if (simulator.post("/control/faults", scriptedFaults(options.seed)).status != 200) {
        throw std::runtime_error("the simulator does not take the scripted faults");
    }
    Memory memory;
    Portal portal(installation.hub(), installation.simulator(), memory, options.seed);
    Killer killer(installation, memory, options.seed);
    for (int round = 1; round <= options.rounds; ++round) {
        killer.round(round);
    }
    portal.stop();
    const Evidence evidence = heal(installation, memory);

    const Findings findings = judge(memory, evidence);
    const bool balanced = isLedgerBalanced(installation, evidence, balance_before);
    show("lost", findings.lost);
    show("doubled", findings.doubled);
    show("out of order", findings.out_of_order);
    show("unexpected", memory.surprises());
    show("too late", killer.kills().failures);
    if (memory.exposure().given_up != 0) {
        std::cout << "never answered: " << memory.exposure().given_up << " requests\n";
    }
    showExposure(memory, evidence, killer.kills());
    const bool proved = isAboveFloor(memory, evidence, killer.kills(), options.rounds);
    const bool good = findings.lost.empty() && findings.doubled.empty() &&
                      findings.out_of_order.empty() && balanced && memory.surprises().empty() &&
                      killer.kills().failures.empty() && memory.exposure().given_up == 0 && proved;
    if (!good) {
        installation.keep();
        std::cout << "FAILED\n";
    }
    std::cout << "lost " << findings.lost.size() << ", doubled " << findings.doubled.size()
              << ", out of order " << findings.out_of_order.size() << ", ledger "
              << (balanced ? "balanced" : "NOT balanced") << std::endl;
    return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Poco::Net::initializeSSL();
    int code = 2;
    try {
        code = runRounds(readOptions({argv + 1, argv + argc}));
    } catch (const Poco::Exception& failure) {
        std::cerr << "expohub-chaos: " << failure.displayText() << "\n";
    } catch (const std::exception& failure) {
        std::cerr << "expohub-chaos: " << failure.what() << "\n";
    }
    Poco::Net::uninitializeSSL();
    return code;
}
