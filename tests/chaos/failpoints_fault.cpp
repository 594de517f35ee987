// failpoints: the hub dies at every named step of its paths, under load.

#include "fault.hpp"
#include "load.hpp"
#include "switches.hpp"
#include "verdict.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr Milliseconds kDeathLimit{40'000};
constexpr Milliseconds kDeadLetterLimit{45'000};
constexpr int kPublications = 2; ///< of another process, for every created payment
constexpr int kRefusePercent = 5;
constexpr int kRefuserEvery = 5;

void writeLibrary(const fs::path& folder, const std::string& library, const Json& config)
{
    std::ofstream(folder / "hub/plugins.d" / (library + ".json"))
        << Json{{"library", library}, {"enabled", true}, {"config", config}}.dump(2);
}

/// A publisher in another process, a subscriber that refuses at first and one that always does:
/// without them some steps are never taken.
void configure(const fs::path& folder)
{
    writeLibrary(folder, "hub_test_burst", {{"count", kPublications}});
    writeLibrary(folder, "chaos_refuser", Json::object());
    writeLibrary(folder, "chaos_recorder", {{"refuse_first_percent", kRefusePercent}});
}

class Failpoints {
public:
    explicit Failpoints(const Options& options)
        : options_(options)
        , counts_(options.seed)
        , random_(options.seed)
    {
        options_.build = options.switched_build;
        demandSwitches(options_.build);
    }

    int run()
    {
        const std::vector<const Step*> steps = chosen();
        const Step* migration = runMigrations(steps);
        Installation installation(options_, {{}, environment(migration, 2), {}, configure});
        tellOfMigration(migration);
        const std::int64_t balance = balanceOf(installation);
        Memory memory;
        Load load(installation, memory, options_.seed);
        load.await(kCalibration, kDeathLimit);
        const std::vector<std::uint64_t> calm = counts_.reached();
        for (int pass = 0; pass < options_.rounds; ++pass) {
            for (const Step* step : steps) {
                if (!isMigration(*step)) {
                    die(installation, *step, calm[step->place]);
                }
            }
        }
        installation.killHub();
        installation.setHubEnvironment(environment(nullptr, 0));
        installation.startHub();
        load.await(kCalibration, kDeathLimit);
        load.stop();
        checkOthers(installation);
        report(steps);
        proof_.floors = {{"acknowledged",
                          memory.exposure().acknowledged,
                          static_cast<std::int64_t>(10 * steps.size())}};
        return conclude(installation, memory, balance, proof_).good ? 0 : 1;
    }

private:
    static constexpr std::int64_t kCalibration = 60;

    static bool isMigration(const Step& step)
    {
        return std::string(step.name).rfind("migration.", 0) == 0;
    }

    /// In random order; what needs events that were refused five times comes last.
    std::vector<const Step*> chosen()
    {
        std::vector<const Step*> steps = stepsOf(options_.steps);
        std::shuffle(steps.begin(), steps.end(), random_);
        std::stable_partition(steps.begin(), steps.end(), [](const Step* step) {
            return std::string(step->name) != "dead_letter.written";
        });
        return steps;
    }

    std::vector<std::string> environment(const Step* step, std::uint64_t nth) const
    {
        std::vector<std::string> variables = {"HUB_FAILPOINT_COUNTS=" + counts_.file().string()};
        if (step != nullptr) {
            variables.push_back(std::string("HUB_FAILPOINT=") + step->name + ":" +
                                std::to_string(nth));
        }
        return variables;
    }

    /// A store that is made while the hub dies at every second migration, again and again. Returns
    /// the step that is left for the store of all other steps; null when none is chosen.
    const Step* runMigrations(const std::vector<const Step*>& steps)
    {
        const Step* left = nullptr;
        for (const Step* step : steps) {
            if (isMigration(*step)) {
                if (left != nullptr) {
                    const Installation fresh(options_, {{}, environment(left, 2), {}, configure});
                    tellOfMigration(left);
                }
                left = step;
            }
        }
        return left;
    }

    void tellOfMigration(const Step* step) const
    {
        if (step != nullptr) {
            std::cout << step->name << ": died " << counts_.died()[step->place]
                      << " times, and the store was made" << std::endl;
        }
    }

    void die(Installation& installation, const Step& step, std::uint64_t calm)
    {
        // Late enough that the start is over, soon enough that the load gets there.
        constexpr std::uint64_t kOften = 60;
        const std::uint64_t nth =
            calm > kOften ? std::uniform_int_distribution<std::uint64_t>(8, 30)(random_)
                          : std::uniform_int_distribution<std::uint64_t>(1, 1 + calm / 8)(random_);
        installation.killHub();
        const std::uint64_t before = counts_.died()[step.place];
        installation.setHubEnvironment(environment(&step, nth));
        installation.launchHub();
        const auto start = Clock::now();
        const bool died =
            waitUntil(kDeathLimit, [&] { return counts_.died()[step.place] > before; });
        std::cout << step.name << ": "
                  << (died ? "died after " + std::to_string(since(start).count()) + " ms"
                           : std::string("NOT REACHED"))
                  << std::endl;
    }

    /// What the subscribers have beside the record: publications and dead letters, each once.
    void checkOthers(const Installation& installation)
    {
        std::set<std::int64_t> refused;
        std::map<std::int64_t, int> dead;
        waitUntil(
            std::min(kDeadLetterLimit, Milliseconds{1'000} * options_.heal_seconds),
            [&] {
                refused = refusedEvents(readRecord(installation.recordFile()));
                dead = deadLetters(installation);
                return dead.size() >= refused.size() && publicationsAreThere(installation);
            },
            Milliseconds{500});
        for (const std::int64_t seq : refused) {
            if (!dead.contains(seq)) {
                proof_.findings.lost.push_back("refused event " + std::to_string(seq) +
                                               " is no dead letter");
            }
        }
        for (const auto& [seq, times] : dead) {
            if (times > 1) {
                proof_.findings.doubled.push_back("event " + std::to_string(seq) +
                                                  " is a dead letter " + std::to_string(times) +
                                                  " times");
            }
        }
        const Record record = readRecord(installation.recordFile());
        const std::size_t wanted = kPublications * createdIn(record);
        if (record.numbered.size() != wanted) {
            auto& list =
                record.numbered.size() < wanted ? proof_.findings.lost : proof_.findings.doubled;
            list.push_back(std::to_string(wanted) + " publications of another process, " +
                           std::to_string(record.numbered.size()) + " reached the subscriber");
        }
        proof_.figures.push_back("publications of another process " +
                                 std::to_string(record.numbered.size()) + ", dead letters " +
                                 std::to_string(dead.size()));
    }

    static std::size_t createdIn(const Record& record)
    {
        return static_cast<std::size_t>(std::count_if(
            record.events.begin(), record.events.end(), [](const RecordedEvent& event) {
                return event.type == "payment.created";
            }));
    }

    static bool publicationsAreThere(const Installation& installation)
    {
        const Record record = readRecord(installation.recordFile());
        return record.numbered.size() >= kPublications * createdIn(record);
    }

    static std::set<std::int64_t> refusedEvents(const Record& record)
    {
        std::set<std::int64_t> refused;
        for (const RecordedEvent& event : record.events) {
            if (event.type == "payment.created" && event.seq % kRefuserEvery == 0) {
                refused.insert(event.seq);
            }
        }
        return refused;
    }

    static std::map<std::int64_t, int> deadLetters(const Installation& installation)
    {
        const Ended ended =
            installation.command({"dead-letter", "list", "--limit", "1000", "--json"});
        const Json answer = Json::parse(ended.output, nullptr, false);
        if (ended.code != 0 || answer.is_discarded()) {
            throw std::runtime_error("expohub dead-letter list: " + ended.output);
        }
        std::map<std::int64_t, int> dead;
        for (const Json& letter : answer.is_array() ? answer : answer.at("items")) {
            if (letter.at("subscriber") == "chaos_refuser") {
                ++dead[letter.at("seq").get<std::int64_t>()];
            }
        }
        return dead;
    }

    void report(const std::vector<const Step*>& steps)
    {
        const auto reached = counts_.reached();
        const auto died = counts_.died();
        std::cout << "failpoint                    reached   died\n";
        for (const Step* step : steps) {
            char line[160];
            std::snprintf(line,
                          sizeof line,
                          "%-26s %9llu %6llu  %s\n",
                          step->name,
                          static_cast<unsigned long long>(reached[step->place]),
                          static_cast<unsigned long long>(died[step->place]),
                          step->what);
            std::cout << line;
            if (died[step->place] == 0) {
                proof_.failures.push_back(std::string(step->name) + " was never hit");
            }
        }
    }

    Options options_;
    Counts counts_;
    std::mt19937_64 random_;
    Proof proof_;
};

int run(const Options& options)
{
    std::cout << "failpoints: " << options.rounds << " passes, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return Failpoints(options).run();
}

} // namespace

extern const Fault kFailpointsFault;
const Fault kFailpointsFault = {
    "failpoints", "the hub aborts at every named step of its paths", 3, 1, run};

} // namespace chaos
