// memory: hub and connector run at a limit of memory under load, one that large requests exceed.
// Who gets no more ends and is started again, and nothing that was acknowledged is missing.

#include "callbacks_desk.hpp"
#include "fault.hpp"
#include "load.hpp"
#include "verdict.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>
#include <thread>

#include <sys/resource.h>

namespace chaos {

namespace {

constexpr int kFullRounds = 20;
constexpr std::int64_t kLoadBetween = 20; ///< acknowledged before the next shortage
constexpr Milliseconds kLoadLimit{30'000};
constexpr Milliseconds kShortage{4'000};
constexpr Milliseconds kReturnMax{5'000};
constexpr Milliseconds kReturnLimit{40'000};
constexpr int kSenders = 12;
constexpr std::size_t kLargeBytes = 600 * 1024;
constexpr rlim_t kHeadroomMax = 4U << 20U;
constexpr const char* kLastWords = "no more memory: the process ends and must be started again";

/// Of private memory that can be written, as RLIMIT_DATA counts it.
rlim_t dataOf(pid_t process)
{
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmData:", 0) == 0) {
            return static_cast<rlim_t>(std::atoll(line.c_str() + 7)) * 1024;
        }
    }
    return 0;
}

std::int64_t timesSaid(const std::filesystem::path& file)
{
    std::ifstream lines(file);
    std::int64_t times = 0;
    for (std::string line; std::getline(lines, line);) {
        times += line.find(kLastWords) != std::string::npos ? 1 : 0;
    }
    return times;
}

/// Large notices that nobody has signed: the hub reads each whole and hands it to the connector.
class Flood {
public:
    Flood(std::uint16_t port, const std::string& path)
    {
        for (int i = 0; i < kSenders; ++i) {
            senders_.emplace_back([this, port, path] {
                const std::string form = "sign=none&body=" + std::string(kLargeBytes, 'x');
                Deliverer desk(port);
                while (!stopping_) {
                    const RawAnswer answer = desk.deliver(path, form);
                    believed_ += isSuccess(answer) ? 1 : 0;
                    ++sent_;
                }
            });
        }
    }
    ~Flood() { stop(); }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    void stop()
    {
        stopping_ = true;
        for (std::thread& sender : senders_) {
            if (sender.joinable()) {
                sender.join();
            }
        }
    }
    std::int64_t sent() const noexcept { return sent_; }
    std::int64_t believed() const noexcept { return believed_; }

private:
    std::vector<std::thread> senders_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> sent_{0};
    std::atomic<std::int64_t> believed_{0};
};

class Shortages {
public:
    explicit Shortages(const Options& options)
        : options_(options)
        , installation_(options)
        , balance_(balanceOf(installation_))
        , path_(readMerchant(installation_.folder(), kAccount).path)
        , random_(options.seed)
    {}

    int run()
    {
        {
            Load load(installation_, memory_, options_.seed);
            for (int round = 0; round < options_.rounds; ++round) {
                load.await(kLoadBetween, kLoadLimit);
                suffer(round % 2 == 0 ? Victim::Hub : Victim::Connector);
            }
            load.stop();
        }
        const std::int64_t hubs = timesSaid(installation_.folder() / "log/hub.out");
        const std::int64_t hosts = timesSaid(installation_.folder() / "log/hub.log");
        const std::int64_t half = options_.rounds / 2;
        proof_.floors = {
            {"acknowledged", memory_.exposure().acknowledged, options_.rounds * kLoadBetween},
            {"hubs that ended without memory", hubs, std::max<std::int64_t>(1, half / 2)},
            {"connectors that ended without memory", hosts, std::max<std::int64_t>(1, half / 2)},
            {"large notices sent", sent_, options_.rounds * 10LL}};
        proof_.figures.push_back("longest return " + std::to_string(longest_.count()) +
                                 " ms (limit " + std::to_string(kReturnMax.count()) +
                                 "), survived at the limit " + std::to_string(survived_) +
                                 ", ended " + std::to_string(ended_));
        return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
    }

private:
    /// As much as it has now and a little more; 0: no limit again.
    void limitHub(pid_t process, rlim_t headroom)
    {
        const rlim_t most = headroom == 0 ? RLIM_INFINITY : dataOf(process) + headroom;
        const struct rlimit wanted = {most, RLIM_INFINITY};
        if (::prlimit(process, RLIMIT_DATA, &wanted, nullptr) != 0 && errno != ESRCH) {
            throw std::runtime_error(std::string("no limit of memory can be set: ") +
                                     std::strerror(errno));
        }
    }

    /// Nobody reaches into its sandbox: another one is started, which is born with the limit.
    pid_t limitConnector(rlim_t headroom)
    {
        const std::filesystem::path limits = installation_.folder() / "limits/payment_alipay";
        const pid_t unlimited = awaitProcess(Victim::Connector, 0);
        std::ofstream(limits) << "-d " << (dataOf(unlimited) + headroom) / 1024 << "\n";
        ::kill(unlimited, SIGKILL);
        const pid_t limited = awaitProcess(Victim::Connector, unlimited);
        waitUntil(kReturnLimit, [&] { return isConfined(limited); });
        std::filesystem::remove(limits);
        return limited;
    }

    pid_t awaitProcess(Victim victim, pid_t other_than)
    {
        pid_t found = 0;
        const bool there = waitUntil(kReturnLimit, [&] {
            found = installation_.processOf(victim);
            return found != 0 && found != other_than;
        });
        if (!there) {
            throw std::runtime_error(std::string(toText(victim)) + " was not there in time");
        }
        return found;
    }

    void suffer(Victim victim)
    {
        const rlim_t headroom = std::uniform_int_distribution<rlim_t>(1, kHeadroomMax)(random_);
        const bool of_hub = victim == Victim::Hub;
        const pid_t before = of_hub ? awaitProcess(victim, 0) : limitConnector(headroom);
        if (of_hub) {
            limitHub(before, headroom);
        }
        const auto start = Clock::now();
        Flood flood(installation_.httpPort(), path_);
        const bool ended = waitUntil(
            kShortage, [&] { return !isAlive(before); }, Milliseconds{5});
        const Milliseconds endured = since(start);
        flood.stop();
        const auto gone = Clock::now();
        sent_ += flood.sent();
        if (flood.believed() != 0) {
            proof_.findings.forged.emplace_back("a notice without a signature was believed");
        }
        if (!ended && of_hub) {
            limitHub(before, 0);
        }
        (ended ? ended_ : survived_) += 1;
        const bool back = waitUntil(kReturnLimit, [&] {
            const pid_t now = installation_.processOf(victim);
            return now != 0 && (now != before) == ended && installation_.isHealthy();
        });
        longest_ = std::max(longest_, since(gone));
        if (!back || since(gone) > kReturnMax) {
            proof_.failures.push_back(std::string(toText(victim)) + " took " +
                                      std::to_string(since(gone).count()) + " ms to come back");
        }
        std::cout << toText(victim) << (ended ? " ended after " : " survived ") << endured.count()
                  << " ms without memory, back after " << since(gone).count() << " ms" << std::endl;
    }

    Options options_;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    std::string path_;
    std::mt19937_64 random_;
    Proof proof_;
    Milliseconds longest_{0};
    std::int64_t sent_ = 0;
    std::int64_t ended_ = 0;
    std::int64_t survived_ = 0;
};

int run(const Options& options)
{
    std::cout << "memory: " << options.rounds << " shortages, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return Shortages(options).run();
}

} // namespace

extern const Fault kMemoryFault;
const Fault kMemoryFault = {"memory",
                            "hub and connector get no more memory while large requests come",
                            kFullRounds,
                            4,
                            run};

} // namespace chaos
