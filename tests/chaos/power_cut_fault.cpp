// power-cut: the hub dies, and with it everything on its disk that was not synced.

#include "fault.hpp"
#include "powercut/disk.hpp"
#include "workload.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr int kFullRounds = 100;
constexpr std::int64_t kLoadPerRound = 25; ///< acknowledged requests before the next cut
constexpr Milliseconds kLoadLimit{20'000};
constexpr Milliseconds kReturnMax{5'000};
/// What a cut shall threaten: the hub's lock is never synced, and nobody misses it.
constexpr const char* kDatabase = "hub.db";

/// SQLite's index of the log and the lane's marker are mapped for writing: memory with a name.
/// The hub may not need either after a cut.
bool isVolatile(const std::string& name)
{
    constexpr std::string_view kIndex = "-shm";
    return name == "marker" ||
           (name.size() > kIndex.size() &&
            name.compare(name.size() - kIndex.size(), kIndex.size(), kIndex) == 0);
}

/// What SQLite says to the image, asked of a copy: the hub shall find the image untouched.
std::string checkIntegrity(const fs::path& store, const fs::path& scratch)
{
    fs::remove_all(scratch);
    fs::create_directory(scratch);
    for (const char* name : {"hub.db", "hub.db-wal"}) {
        if (fs::exists(store / name)) {
            fs::copy_file(store / name, scratch / name);
        }
    }
    sqlite3* database = nullptr;
    std::string answer = "it can't be opened";
    const auto read = [](void* text, int, char** values, char**) {
        *static_cast<std::string*>(text) = values[0];
        return 0;
    };
    if (sqlite3_open((scratch / "hub.db").c_str(), &database) == SQLITE_OK &&
        sqlite3_exec(database, "PRAGMA integrity_check", read, &answer, nullptr) != SQLITE_OK) {
        answer = sqlite3_errmsg(database);
    }
    sqlite3_close(database);
    return answer;
}

struct Cuts {
    int count = 0;
    int kind_ones = 0; ///< some of the unsynced pages survived
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t unsynced_pages = 0; ///< of the database
    int at_stake = 0;                 ///< cuts with such pages
    Milliseconds longest_return{0};
    std::vector<std::string> failures;
};

class PowerSwitch {
public:
    PowerSwitch(const Options& options, Installation& installation)
        : installation_(installation)
        , log_(installation.folder() / "power.log")
        , random_(options.seed)
        , disk_(nextDisk())
    {
        installation_.setHubEnvironment(
            {"LD_PRELOAD=" + fs::canonical(options.build / "tests/hub_powercut.so").string(),
             "HUB_POWERCUT_FOLDER=" + fs::canonical(installation_.dataFolder()).string(),
             "HUB_POWERCUT_LOG=" + log_.string()});
        installation_.startHub();
    }

    void round(int number)
    {
        ::poll(nullptr, 0, std::uniform_int_distribution<int>(0, 250)(random_));
        const std::string story = "round " + std::to_string(number) + ":";
        killBetweenTwoSteps();
        const auto start = Clock::now();
        disk_.replay(log_);
        for (const std::string& sentence : disk_.escaped()) {
            cuts_.failures.push_back(story + " " + sentence);
        }
        const bool is_kind = std::uniform_int_distribution<int>(0, 1)(random_) == 1;
        disk_.cut({.seed = random_(), .percent = is_kind ? 50 : 0});
        const std::string integrity = checkIntegrity(installation_.dataFolder() / "store",
                                                     installation_.folder() / "scratch");
        if (integrity != "ok") {
            cuts_.failures.push_back(story + " integrity_check says " + integrity);
        }
        const std::uint64_t unsynced = disk_.unsyncedPages(kDatabase);
        count(is_kind, unsynced);
        disk_ = nextDisk();
        const Milliseconds cutting = since(start);
        installation_.startHub();
        const Milliseconds took = since(start) - cutting;
        cuts_.longest_return = std::max(cuts_.longest_return, took);
        if (took > kReturnMax) {
            cuts_.failures.push_back(story + " the hub took " + std::to_string(took.count()) +
                                     " ms to come back");
        }
        std::cout << story << " power cut, " << unsynced
                  << " pages of the database unsynced, back after " << took.count() << " ms"
                  << std::endl;
    }

    const Cuts& cuts() const noexcept { return cuts_; }

private:
    /// Whoever holds the log finds every change of a file with its record, or neither.
    void killBetweenTwoSteps()
    {
        const int log = ::open(log_.c_str(), O_RDONLY | O_CLOEXEC);
        if (log < 0 || ::flock(log, LOCK_EX) != 0) {
            throw std::runtime_error(log_.string() + ": " + std::strerror(errno));
        }
        installation_.killHub();
        ::close(log);
    }

    powercut::Disk nextDisk() const
    {
        std::ofstream(log_, std::ios::trunc).flush();
        return {fs::canonical(installation_.dataFolder()), &isVolatile};
    }

    void count(bool is_kind, std::uint64_t unsynced)
    {
        ++cuts_.count;
        cuts_.kind_ones += is_kind ? 1 : 0;
        cuts_.writes += disk_.figures().writes;
        cuts_.syncs += disk_.figures().syncs;
        cuts_.unsynced_pages += unsynced;
        cuts_.at_stake += unsynced != 0 ? 1 : 0;
    }

    Installation& installation_;
    fs::path log_;
    std::mt19937_64 random_;
    powercut::Disk disk_;
    Cuts cuts_;
};

int run(const Options& options)
{
    if (options.postgres) {
        throw std::invalid_argument("power-cut needs --store sqlite: PostgreSQL's disk is its own");
    }
    const WorkloadKind& kind = findWorkload(options.load);
    std::cout << "power-cut: " << options.rounds << " rounds, " << kind.name << ", --seed "
              << options.seed << std::endl;
    Installation installation(options, kind.setup(options));
    installation.killHub();
    PowerSwitch power(options, installation);
    const auto load = kind.start(installation);
    Proof proof;
    try {
        for (int round = 1; round <= options.rounds; ++round) {
            if (load->await(kLoadPerRound, kLoadLimit) == 0) {
                throw std::runtime_error("the hub acknowledges nothing any more");
            }
            power.round(round);
        }
    } catch (const std::runtime_error& failure) {
        proof.failures.emplace_back(failure.what()); // the verdict says what that means
        load->giveUpHope();
    }
    load->stop();

    const Cuts& cuts = power.cuts();
    const auto share = [&](std::int64_t whole) {
        return shareOf(whole, options.rounds, kFullRounds);
    };
    proof.failures.insert(proof.failures.end(), cuts.failures.begin(), cuts.failures.end());
    proof.figures = {"power cuts " + std::to_string(cuts.count) + ", in " +
                     std::to_string(cuts.kind_ones) + " of them some unsynced pages survived; " +
                     std::to_string(cuts.writes) + " writes, " + std::to_string(cuts.syncs) +
                     " syncs, " + std::to_string(cuts.unsynced_pages) +
                     " pages of the database unsynced, at " + std::to_string(cuts.at_stake) +
                     " of the cuts; longest return " + std::to_string(cuts.longest_return.count()) +
                     " ms (limit 5000)"};
    // Whether a cut falls between a write and its sync is chance, one in ten or less: only a full
    // run can owe one.
    if (share(1) > 0) {
        proof.floors = {{"cuts with unsynced pages of the database", cuts.at_stake, share(1)}};
    }
    return load->conclude(proof, {share(2'000), share(1'000)}) ? 0 : 1;
}

} // namespace

extern const Fault kPowerCutFault;
const Fault kPowerCutFault = {"power-cut",
                              "the hub's disk loses at random moments what was not synced",
                              kFullRounds,
                              8,
                              run,
                              true};

} // namespace chaos
