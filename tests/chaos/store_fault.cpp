// store: the disk that is full, read-only, slow or fails to sync, a store with wrong bytes; or a
// PostgreSQL that stops, dies, freezes or cuts its connections.

#include "fault.hpp"
#include "http_raw.hpp"
#include "load.hpp"
#include "store_damage.hpp"
#include "store_digest.hpp"
#include "verdict.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <sstream>

#include <sys/mount.h>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr int kFullRounds = 6;
constexpr std::int64_t kLoadBetween = 40; ///< acknowledged before the next outage
constexpr Milliseconds kLoadLimit{30'000};
constexpr Milliseconds kOutage{1'000};
constexpr Milliseconds kCollisions{2'000};
constexpr Milliseconds kCollisionsMax{15'000}; ///< if too few come
constexpr std::int64_t kCollisionsMin = 2;     ///< in a round
constexpr Milliseconds kReturnMax{5'000};      ///< the promise, after the fault is gone
constexpr Milliseconds kReturnLimit{40'000};
constexpr const char* kDiskSize = "size=96m";

class Scratch {
public:
    /// A small file system of its own where that is possible.
    explicit Scratch(bool small)
    {
        std::string path = (fs::temp_directory_path() / "chaos-store-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) {
            throw std::runtime_error(path + ": can't be made");
        }
        folder_ = path;
        mounted_ = small && ::mount("tmpfs", path.c_str(), "tmpfs", 0, kDiskSize) == 0;
    }
    ~Scratch()
    {
        if (mounted_ && ::umount2(folder_.c_str(), MNT_DETACH) != 0) {
            std::cerr << folder_ << " stays mounted\n";
            return;
        }
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const fs::path& folder() const noexcept { return folder_; }
    bool isSmall() const noexcept { return mounted_; }

private:
    fs::path folder_;
    bool mounted_ = false;
};

class Store {
public:
    explicit Store(const Options& options)
        : options_(options)
        , disk_(!options.postgres)
        , control_(false)
        , installation_(options, setup())
        , balance_(balanceOf(installation_))
        , random_(options.seed)
    {}

    int run();

private:
    /// `begin` and `end` of an outage; in between the hub can't commit, unless it `serves`.
    struct Outage {
        const char* name;
        std::function<void()> begin;
        std::function<void()> end;
        bool serves = false;
        bool restarts = false; ///< the hub ends by itself and is started again
    };

    Setup setup() const
    {
        Setup setup;
        if (!options_.postgres) {
            const std::string store = disk_.folder() / "store";
            const fs::path library = fs::canonical(options_.build) / "tests/hub_disk_faults.so";
            setup.settings = {"store.folder = " + store};
            setup.environment = {"LD_PRELOAD=" + library.string(),
                                 "HUB_DISK_FOLDER=" + store,
                                 "HUB_DISK_FAULT=" + fault().string()};
        }
        return setup;
    }
    fs::path fault() const { return control_.folder() / "fault"; }
    fs::path store() const { return disk_.folder() / "store"; }
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            proof_.failures.push_back(sentence);
        }
    }
    std::vector<Outage> chosen();
    std::vector<Outage> diskOutages();
    std::vector<Outage> serverOutages();
    Outage diskSays(const char* name, const char* word) const;
    void postgres(const std::string& action) const;
    void signalServer(int signal) const;
    void sql(const char* database, const std::string& statement) const;
    void cutConnections() const;
    std::int64_t timesServerSaid(const std::string& words) const;
    Outage collisions(const char* name,
                      const std::string& setting,
                      const std::vector<std::string>& statements,
                      const std::string& words);
    void suffer(const Outage& outage, const Load& load);
    int ready() const;
    void fillDisk();
    void damageCopies();

    Options options_;
    Scratch disk_;
    Scratch control_;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    std::mt19937_64 random_;
    Proof proof_;
    std::map<std::string, std::int64_t> times_;
    Milliseconds longest_{0};
    std::int64_t refused_ = 0;
    std::map<std::string, std::int64_t> collisions_; ///< by what the server says of them
};

Store::Outage Store::diskSays(const char* name, const char* word) const
{
    return {name,
            [this, word] { std::ofstream(fault()) << word; },
            [this] {
                fs::remove(fault());
            }};
}

void Store::fillDisk()
{
    std::ofstream ballast(disk_.folder() / "ballast", std::ios::binary);
    const std::string block(4'096, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {}
}

std::vector<Store::Outage> Store::diskOutages()
{
    Outage full = {"a full disk",
                   [this] { fillDisk(); },
                   [this] {
                       fs::remove(disk_.folder() / "ballast");
                   }};
    if (!disk_.isSmall()) {
        std::cout << "skipped: a file system that is really full, as none can be mounted here; "
                     "writes fail instead\n";
        full = diskSays("a full disk", "full");
    }
    Outage slow = diskSays("a slow disk", "slow");
    slow.serves = true;
    Outage sync = diskSays("a sync that fails", "sync");
    sync.restarts = true;
    sync.end = [this] {
        demand(waitUntil(Milliseconds{5'000}, [this] { return !fs::exists(fault()); }),
               "no sync has failed");
    };
    return {full, diskSays("a read-only disk", "readonly"), slow, sync};
}

void Store::postgres(const std::string& action) const
{
    const Ended ended = chaos::run({fs::canonical(options_.source) / "tests/support/postgres.sh",
                                    action,
                                    installation_.postgresFolder()});
    if (ended.code != 0) {
        throw std::runtime_error("tests/support/postgres.sh " + action + ": " + ended.output);
    }
}

/// To the server and all its children.
void Store::signalServer(int signal) const
{
    std::ifstream file(installation_.postgresFolder() / "data/postmaster.pid");
    pid_t server = 0;
    file >> server;
    if (server <= 1) {
        throw std::runtime_error("the server's process is not known");
    }
    std::vector<pid_t> processes{server};
    for (const pid_t child : childrenOf(server)) {
        processes.push_back(child);
    }
    for (const pid_t process : processes) {
        ::kill(process, signal);
    }
    const auto areGone = [&] {
        return std::none_of(processes.begin(), processes.end(), isAlive);
    };
    if (signal == SIGKILL && !waitUntil(Milliseconds{10'000}, areGone)) {
        throw std::runtime_error("the server does not die");
    }
    if (signal == SIGKILL) {
        // Where nobody reaps it, the dead process still keeps the next server from its lock.
        fs::remove(installation_.postgresFolder() / "data/postmaster.pid");
    }
}

void Store::sql(const char* database, const std::string& statement) const
{
    chaos::run({"/usr/bin/psql",
                "-q",
                "-t",
                "-o",
                "/dev/null",
                "-h",
                installation_.postgresFolder(),
                "-U",
                "postgres",
                "-d",
                database,
                "-c",
                statement});
}

void Store::cutConnections() const
{
    sql("postgres",
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'hub'");
}

std::int64_t Store::timesServerSaid(const std::string& words) const
{
    std::ifstream log(installation_.postgresFolder() / "server.log");
    std::int64_t times = 0;
    for (std::string line; std::getline(log, line);) {
        times += line.find(words) != std::string::npos ? 1 : 0;
    }
    return times;
}

/// Another session of the database, in the hub's way; the server gives the hub's statements back.
Store::Outage Store::collisions(const char* name,
                                const std::string& setting,
                                const std::vector<std::string>& statements,
                                const std::string& words)
{
    Outage outage = {name,
                     [this, setting, statements, words] {
                         sql("postgres", "ALTER DATABASE hub SET " + setting);
                         cutConnections(); // the next ones have it
                         const std::int64_t before = timesServerSaid(words);
                         const auto start = Clock::now();
                         std::int64_t times = 0;
                         for (std::size_t i = 0;
                              since(start) < kCollisions ||
                              (times < kCollisionsMin && since(start) < kCollisionsMax);
                              ++i) {
                             sql("hub", statements[i % statements.size()]);
                             times = timesServerSaid(words) - before;
                         }
                         collisions_[words] += times;
                     },
                     [this, setting] {
                         const std::string key = setting.substr(0, setting.find(' '));
                         sql("postgres", "ALTER DATABASE hub RESET " + key);
                         cutConnections();
                     }};
    outage.serves = true;
    return outage;
}

std::vector<Store::Outage> Store::serverOutages()
{
    const auto cut = [this] {
        const auto start = Clock::now();
        while (since(start) < kOutage) {
            cutConnections();
        }
    };
    Outage cuts = {"connections that are cut", cut, [] {
                   }};
    cuts.serves = true;
    Outage frozen = {"a server that freezes",
                     [this] { signalServer(SIGSTOP); },
                     [this] {
                         signalServer(SIGCONT);
                     }};
    frozen.serves = true; // no statement has failed yet: it only waits
    return {
        {"a server that stops",
         [this] { postgres("halt"); },
         [this] {
             postgres("resume");
         }},
        {"a server that is killed",
         [this] { signalServer(SIGKILL); },
         [this] {
             postgres("resume");
         }},
        frozen,
        cuts,
        collisions(
            "deadlocks",
            "deadlock_timeout = '300ms'",
            {"SET deadlock_timeout = '10s'; BEGIN; LOCK TABLE expohub.hub_call IN EXCLUSIVE MODE; "
             "SELECT pg_sleep(0.05); LOCK TABLE expohub.hub_event IN EXCLUSIVE MODE; COMMIT",
             "SET deadlock_timeout = '10s'; BEGIN; LOCK TABLE expohub.hub_event IN EXCLUSIVE "
             "MODE; SELECT pg_sleep(0.05); LOCK TABLE expohub.hub_call IN EXCLUSIVE MODE; "
             "COMMIT"},
            "deadlock detected"),
        collisions(
            "serialization failures",
            "default_transaction_isolation = 'repeatable read'",
            {"DO $$ BEGIN FOR i IN 1..100 LOOP UPDATE expohub.hub_fence SET holder = holder; "
             "COMMIT; PERFORM pg_sleep(0.004); END LOOP; END $$"},
            "could not serialize access")};
}

/// All, or those whose name has the step in it.
std::vector<Store::Outage> Store::chosen()
{
    std::vector<Outage> all = options_.postgres ? serverOutages() : diskOutages();
    std::string known;
    for (const Outage& outage : all) {
        known += (known.empty() ? "" : ", ") + std::string(outage.name);
    }
    std::erase_if(all, [&](const Outage& outage) {
        return std::string(outage.name).find(options_.steps) == std::string::npos;
    });
    if (all.empty()) {
        throw std::invalid_argument("--steps has \"" + options_.steps +
                                    "\"; the store's outages are " + known);
    }
    return all;
}

/// The status of /readyz; 0 without an answer.
int Store::ready() const
{
    try {
        RawConnection connection(installation_.httpPort());
        connection.send("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        return connection.receive(Milliseconds{2'000}).status;
    } catch (const Poco::Exception&) {
        return 0;
    }
}

void Store::suffer(const Outage& outage, const Load& load)
{
    load.await(kLoadBetween, kLoadLimit);
    const pid_t before = installation_.processOf(Victim::Hub);
    const std::int64_t acknowledged = memory_.exposure().acknowledged;
    outage.begin();
    const auto start = Clock::now();
    // A log that is there already can be written over: a full disk is felt when it must grow.
    const bool must_tell = !outage.serves;
    const bool told = waitUntil(must_tell ? kLoadLimit : kOutage, [&] {
        return outage.restarts ? installation_.processOf(Victim::Hub) != before : ready() != 200;
    });
    const Milliseconds left = kOutage - since(start);
    ::poll(nullptr, 0, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    const std::int64_t meanwhile = memory_.exposure().acknowledged - acknowledged;
    outage.end();
    const auto ended = Clock::now();
    const bool back = waitUntil(kReturnLimit, [&] { return ready() == 200; });
    longest_ = std::max(longest_, since(ended));
    const std::string name = outage.name;
    demand(back && since(ended) <= kReturnMax,
           "after " + name + " the hub took " + std::to_string(since(ended).count()) +
               " ms to come back");
    demand(told || !must_tell,
           name + (outage.restarts ? ": the hub did not end" : ": /readyz stayed 200"));
    demand(!outage.serves || load.await(1, kLoadLimit) > 0, name + ": nothing was acknowledged");
    const pid_t after = installation_.processOf(Victim::Hub);
    demand(outage.restarts == (after != before),
           name + (outage.restarts ? ": the hub was not started again" : ": the hub has ended"));
    ++times_[name];
    refused_ += told && !outage.restarts ? 1 : 0;
    std::cout << name << ": " << meanwhile << " acknowledged meanwhile, ready after "
              << since(ended).count() << " ms" << std::endl;
}

/// While the hub is dead, with all that a dead one leaves behind.
void Store::damageCopies()
{
    installation_.killHub();
    const Damage damage =
        damageAll(installation_, store(), control_.folder(), options_.seed, options_.postgres);
    for (const std::string& sentence : damage.failures) {
        demand(false, sentence);
    }
    installation_.startHub();
    proof_.floors.push_back({"damaged copies refused", damage.refused, damage.tried});
}

int Store::run()
{
    std::vector<Outage> all = chosen();
    {
        Load load(installation_, memory_, options_.seed);
        for (int round = 1; round <= options_.rounds; ++round) {
            std::shuffle(all.begin(), all.end(), random_);
            for (const Outage& outage : all) {
                suffer(outage, load);
            }
        }
        load.stop();
    }
    if (options_.steps.empty()) {
        damageCopies();
    }
    if (!options_.postgres) {
        const std::string integrity = checkIntegrity(store());
        demand(integrity == "ok", "PRAGMA integrity_check says " + integrity);
    }
    for (const auto& [words, times] : collisions_) {
        proof_.floors.push_back({words, times, options_.rounds * kCollisionsMin});
    }
    for (const auto& [name, times] : times_) {
        proof_.floors.push_back({name, times, options_.rounds});
    }
    proof_.floors.push_back(
        {"acknowledged",
         memory_.exposure().acknowledged,
         options_.rounds * kLoadBetween * static_cast<std::int64_t>(all.size())});
    proof_.figures.push_back("longest return " + std::to_string(longest_.count()) + " ms (limit " +
                             std::to_string(kReturnMax.count()) +
                             "); outages that /readyz told of " + std::to_string(refused_));
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "store: " << options.rounds << " rounds, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return Store(options).run();
}

} // namespace

extern const Fault kStoreFault;
const Fault kStoreFault = {"store",
                           "a disk that is full, read-only, slow or fails to sync; a server that "
                           "stops, cuts or gives back; "
                           "damage before a start",
                           kFullRounds,
                           1,
                           run};

} // namespace chaos
