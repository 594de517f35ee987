// plugin: libraries that crash, hang, throw, take memory without end, dawdle, and units that poison
// the hub's own process. Others go on, the hub lives or comes back, and each poison ends as a dead
// letter with a reason, which an operator replays.

#include "fault.hpp"
#include "load.hpp"
#include "shop.hpp"
#include "usage.hpp"
#include "verdict.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <random>

namespace chaos {

namespace {

constexpr int kFullRounds = 2;
constexpr std::int64_t kAmount = 2'000;
constexpr std::int64_t kPatientKib = 700'000; ///< of addresses, as a smaller sandbox would set it
constexpr Milliseconds kMeasured{1'000};
constexpr Milliseconds kLetterLimit{60'000};
constexpr Milliseconds kHubReturnMax{20'000}; ///< it may die three times on the way
constexpr std::int64_t kHubMemoryMoreKib = 200 * 1024;

struct Ill {
    const char* word;       ///< within the order's name
    const char* library;    ///< whose dead letter it becomes
    bool ends_hub = false;  ///< its process ends, each time it is tried
    bool dead = true;       ///< it ends as a dead letter
    bool ends_host = false; ///< its library's process ends, each time it is tried
};

constexpr std::array<Ill, 10> kIlls = {{
    {"crash", "chaos_patient", false, true, true},
    {"abort", "chaos_patient", false, true, true},
    {"throw", "chaos_patient"},
    {"refuse", "chaos_patient"},
    {"hang", "chaos_patient", false, true, true},
    {"leak", "chaos_patient", false, true, true},
    {"slow", "chaos_patient", false, false},
    {"unitthrow", "chaos_poison"},
    {"unitabort", "chaos_poison", true},
    {"unitloop", "chaos_poison", true},
}};

void enable(const std::filesystem::path& folder, const char* library)
{
    std::ofstream(folder / "hub/plugins.d" / (std::string(library) + ".json"))
        << Json{{"library", library}, {"enabled", true}}.dump(2);
}

class Plugins {
public:
    explicit Plugins(const Options& options)
        : options_(options)
        , installation_(options, setup())
        , balance_(balanceOf(installation_))
        , shop_(installation_, memory_)
        , random_(options.seed)
    {}

    int run();

private:
    static Setup setup()
    {
        Setup setup;
        setup.settings = {"plugin_host.hang_ms = 1000", "plugin_host.restart_delay_ms_max = 500"};
        setup.configure = [](const std::filesystem::path& folder) {
            enable(folder, "chaos_patient");
            enable(folder, "chaos_poison");
            std::ofstream(folder / "limits/chaos_patient") << "-v " << kPatientKib << "\n";
        };
        return setup;
    }
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            proof_.failures.push_back(sentence);
        }
    }
    Json letters() const;
    /// The open dead letter of this key; null when there is none.
    Json letterOf(const std::string& library, const std::string& key) const;
    std::int64_t rate();
    Order orderOf(const Ill& ill);
    Order infect(const Ill& ill);
    void awaitLetter(const Ill& ill, const Order& order);
    void playRound();
    void awaitHub(const Ill& ill, pid_t before);
    void replayAll();

    Options options_;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    Shop shop_;
    std::mt19937_64 random_;
    Proof proof_;
    std::vector<std::pair<const Ill*, Order>> sick_;
    std::map<std::string, std::int64_t> times_;
    std::int64_t healthy_rate_ = 0;
    std::int64_t slowest_rate_ = 0;
    std::string slowest_with_;
    std::int64_t replayed_ = 0;
    int orders_ = 0;
};

Json Plugins::letters() const
{
    const Ended ended = installation_.command({"dead-letter", "list", "--limit", "200", "--json"});
    const Json answer = Json::parse(ended.output, nullptr, false);
    return answer.is_object() && answer.contains("data") ? answer.at("data") : answer;
}

Json Plugins::letterOf(const std::string& library, const std::string& key) const
{
    const Json all = letters();
    for (const Json& letter : all.is_array() ? all : Json::array()) {
        if (textOf(letter, "subscriber") == library && textOf(letter, "key") == key &&
            textOf(letter, "state") == "open") {
            return letter;
        }
    }
    return {};
}

/// Acknowledged per second.
std::int64_t Plugins::rate()
{
    const std::int64_t before = memory_.exposure().acknowledged;
    const auto start = Clock::now();
    ::poll(nullptr, 0, static_cast<int>(kMeasured.count()));
    return (memory_.exposure().acknowledged - before) * 1'000 / since(start).count();
}

/// It died and was started again; after its tries it stays.
void Plugins::awaitHub(const Ill& ill, pid_t before)
{
    const bool died = waitUntil(Milliseconds{20'000}, [&] {
        const pid_t now = installation_.processOf(Victim::Hub);
        return now != 0 && now != before;
    });
    demand(died, std::string(ill.word) + ": the hub did not end");
    const auto start = Clock::now();
    const bool back = waitUntil(Milliseconds{40'000}, [&] { return installation_.isHealthy(); });
    demand(back && since(start) <= kHubReturnMax,
           std::string(ill.word) + ": the hub took " + std::to_string(since(start).count()) +
               " ms to come back");
}

Order Plugins::orderOf(const Ill& ill)
{
    return shop_.create("plugin-" + std::to_string(options_.seed) + "-" + ill.word + "-" +
                            std::to_string(++orders_),
                        kAmount);
}

/// While it is ill, the others are measured.
Order Plugins::infect(const Ill& ill)
{
    const Order order = orderOf(ill);
    const std::int64_t now = rate();
    if (slowest_with_.empty() || now < slowest_rate_) {
        slowest_rate_ = now;
        slowest_with_ = ill.word;
    }
    return order;
}

void Plugins::awaitLetter(const Ill& ill, const Order& order)
{
    const bool dead =
        ill.dead && waitUntil(
                        kLetterLimit,
                        [&] { return letterOf(ill.library, order.payment_id).is_object(); },
                        Milliseconds{300});
    demand(dead == ill.dead, order.key + " did not become a dead letter");
    if (dead) {
        const Json letter = letterOf(ill.library, order.payment_id);
        demand(!textOf(letter, "reason").empty(), order.key + " has no reason: " + letter.dump());
        std::cout << ill.word << ": dead after " << letter.value("attempt", 0) << " attempts, \""
                  << textOf(letter, "reason") << "\"" << std::endl;
        sick_.emplace_back(&ill, order);
    }
    ++times_[ill.word];
}

/// Together those that end no process; the others one after another: five ends of a library's
/// process without progress, and it is given up.
void Plugins::playRound()
{
    std::vector<const Ill*> ills;
    for (const Ill& ill : kIlls) {
        ills.push_back(&ill);
    }
    std::shuffle(ills.begin(), ills.end(), random_);
    const pid_t hub = installation_.processOf(Victim::Hub);
    std::vector<std::pair<const Ill*, Order>> together;
    for (const Ill* ill : ills) {
        if (!ill->ends_hub && !ill->ends_host) {
            together.emplace_back(ill, infect(*ill));
        }
    }
    for (const auto& [ill, order] : together) {
        awaitLetter(*ill, order);
    }
    for (const Ill* ill : ills) {
        if (ill->ends_host) {
            awaitLetter(*ill, infect(*ill));
        }
    }
    demand(installation_.processOf(Victim::Hub) == hub, "the hub has ended of a library's illness");
    demand(usageOf(installation_.hostOf("chaos_patient")).memory_kib < kPatientKib / 2,
           "what the patient leaked is still held");
    for (const Ill* ill : ills) {
        if (ill->ends_hub) {
            const pid_t before = installation_.processOf(Victim::Hub);
            const Order order = orderOf(*ill);
            awaitHub(*ill, before);
            awaitLetter(*ill, order);
        }
    }
}

void Plugins::replayAll()
{
    for (const auto& [ill, order] : sick_) {
        const Json letter = letterOf(ill->library, order.payment_id);
        const std::string id = std::to_string(letter.value("id", 0));
        const Ended first = installation_.command({"dead-letter", "replay", id});
        const bool gone =
            first.code == 0 && waitUntil(
                                   Milliseconds{20'000},
                                   [&, failing = ill, of = order] {
                                       return letterOf(failing->library, of.payment_id).is_null();
                                   },
                                   Milliseconds{200});
        demand(gone, order.key + " can't be replayed: " + first.output);
        const Ended again = installation_.command({"dead-letter", "replay", id});
        demand(again.code != 0, order.key + " was replayed twice");
        replayed_ += gone ? 1 : 0;
    }
}

int Plugins::run()
{
    const Usage before = usageOf(installation_.processOf(Victim::Hub));
    {
        Load load(installation_, memory_, options_.seed);
        load.await(50, Milliseconds{20'000});
        healthy_rate_ = rate();
        for (int round = 1; round <= options_.rounds; ++round) {
            playRound();
        }
        load.stop();
    }
    replayAll();
    const Usage after = usageOf(installation_.processOf(Victim::Hub));
    demand(after.memory_kib - before.memory_kib <= kHubMemoryMoreKib,
           "the hub took " + std::to_string(after.memory_kib) + " KiB, before " +
               std::to_string(before.memory_kib));
    for (const Ill& ill : kIlls) {
        proof_.floors.push_back({ill.word, times_[ill.word], options_.rounds});
    }
    proof_.floors.push_back({"dead letters replayed", replayed_, options_.rounds * 9LL});
    proof_.floors.push_back(
        {"acknowledged meanwhile", memory_.exposure().acknowledged, options_.rounds * 200LL});
    proof_.figures.push_back("acknowledged per second: healthy " + std::to_string(healthy_rate_) +
                             ", at the least " + std::to_string(slowest_rate_) + " (" +
                             slowest_with_ + ")");
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "plugin: " << options.rounds << " rounds, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return Plugins(options).run();
}

} // namespace

extern const Fault kPluginFault;
const Fault kPluginFault = {
    "plugin",
    "libraries that crash, hang, throw, refuse, leak, dawdle, and units that poison the hub",
    kFullRounds,
    1,
    run};

} // namespace chaos
