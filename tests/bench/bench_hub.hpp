// BenchHub: a hub of its own in a folder of its own, with the libraries that a figure needs. It
// ends at the latest with the benchmark. Not thread-safe.
#pragma once

#include "child.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

/// Events that a subscriber may hold: as many as the publisher has on its way.
inline constexpr int kCredit = 1000;

struct LibraryConfig {
    std::string id;
    nlohmann::json config;
};

/// Where the gateway listens and where connectors look for the simulator; 0: anywhere.
struct Ports {
    int http = 0;
    int https = 0;
    int simulator = 9;
};

struct HubSetup {
    std::filesystem::path build;
    std::vector<std::string> settings = {}; // lines of hub.properties, over those of prepare.sh
    std::filesystem::path from = {};        // a stopped installation to begin as a copy of
    Ports ports = {};
};

class BenchHub {
public:
    /// Makes the installation; starts nothing. Throws std::runtime_error, as all here do.
    explicit BenchHub(const HubSetup& setup);
    /// Stops the hub and removes the folder, unless something was thrown.
    ~BenchHub();
    BenchHub(const BenchHub&) = delete;
    BenchHub& operator=(const BenchHub&) = delete;

    /// What is enabled from the next start on: these and nothing else. Without it, the
    /// demonstration's libraries are.
    void configure(const std::vector<LibraryConfig>& libraries);
    /// These, too.
    void add(const std::vector<LibraryConfig>& libraries);
    void start();
    /// In good order; throws when the hub reports trouble by its exit code.
    void stop() { hub_.stop(); }
    pid_t pid() const noexcept { return hub_.pid(); }
    const std::filesystem::path& folder() const noexcept { return folder_; }
    std::filesystem::path dataFolder() const { return folder_ / "hub/store"; }

    /// Lets the time pass; throws when the hub ends meanwhile.
    void watch(std::chrono::milliseconds time) const { hub_.watch(time); }
    /// How often the library was started so far, by this hub and those before it.
    int starts(const std::string& library) const;
    /// `expohub --json WORDS`; what it printed. Throws when it fails or takes `limit`. On any
    /// thread.
    std::string command(const std::string& words,
                        std::chrono::seconds limit = std::chrono::seconds(60)) const;
    /// The first event of each type behind the last one that was read here, by type. Waits for all.
    std::map<std::string, nlohmann::json> events(const std::vector<std::string>& types,
                                                 std::chrono::seconds limit);
    /// Number of the last event that was read here.
    std::int64_t lastSeq() const noexcept { return last_seq_; }
    /// What `expohub doctor` finds about the subject, "" for nothing.
    std::string finding(const std::string& subject) const;

    /// Moves the stopped installation there, to be `from` of others.
    void keepAs(const std::filesystem::path& folder);

private:
    std::filesystem::path build_;
    std::filesystem::path folder_;
    std::int64_t last_seq_ = 0;
    Child hub_;
};

/// Milliseconds since the epoch of an event's "time".
double timeOf(const nlohmann::json& event);

} // namespace bench
