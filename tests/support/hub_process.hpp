// HubProcess: a real hub with its simulated provider, installed by config/demo/prepare.sh in a
// folder of its own on free ports. Linked by listing hub_process.cpp among a test's sources; the
// test depends on expohub, expohub-plugin-host, expohub-simulator and the libraries it enables.
#pragma once

#include <Poco/Net/Context.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace hub::test {

using Json = nlohmann::json;

struct ProgramEnd {
    int code = 0; ///< exit code; 128 + signal when killed
    std::string output;
    std::string error;
};

/// Runs a program to its end; throws std::runtime_error when it can't be started.
ProgramEnd runProgram(const std::vector<std::string>& arguments);

/// A program in the background, that ends at the latest with the test.
class Daemon {
public:
    Daemon() = default;
    ~Daemon() { kill(); }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    void start(const std::vector<std::string>& arguments, const std::filesystem::path& output);
    bool isRunning();
    pid_t pid() const noexcept { return pid_; }
    /// SIGTERM, and waits; returns the exit code.
    int terminate();
    void kill();

private:
    pid_t pid_ = 0;
};

struct ApiAnswer {
    int status = 0; ///< 0: no answer came
    Json body;      ///< null when it is no JSON
    std::map<std::string, std::string> headers;
};

struct HubOptions {
    std::vector<std::string> settings;    ///< lines "key = value" of hub.properties
    std::vector<std::string> environment; ///< "NAME=value" for the hub alone
    bool supervised = false;              ///< started by config/demo/supervise.sh, and again by it
};

class HubProcess {
public:
    /// Prepares the installation; nothing runs yet.
    explicit HubProcess(const HubOptions& options = {});
    /// Kills what runs and removes the folder.
    ~HubProcess();
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;

    const std::filesystem::path& folder() const noexcept { return folder_; }
    std::filesystem::path properties() const { return folder_ / "hub" / "hub.properties"; }
    std::string simulatorAddress() const;
    std::string httpAddress() const;

    /// Writes plugins.d/<library>.json.
    void configure(const std::string& library, const Json& content);
    void startSimulator();
    /// Its books can be changed by hand then.
    void stopSimulator() { simulator_.terminate(); }
    /// Starts the hub and waits until it is healthy and an API key is there; throws with the log.
    void start();
    /// Starts the hub and waits for its end: for one that must refuse to start.
    ProgramEnd startRefused(const std::vector<std::string>& options = {});
    int stop() { return hub_.terminate(); }
    void kill() { hub_.kill(); }
    bool isRunning() { return hub_.isRunning(); }

    /// Of the hub, or of its supervisor.
    pid_t pid() const noexcept { return hub_.pid(); }

    /// `expohub …` against this hub, with its code.
    ProgramEnd command(const std::vector<std::string>& words) const;
    /// The same with --json; throws unless it succeeds.
    Json ask(const std::vector<std::string>& words) const;

    ApiAnswer request(const std::string& method,
                      const std::string& path,
                      const std::string& body = {},
                      std::map<std::string, std::string> headers = {}) const;
    /// Over HTTPS.
    ApiAnswer requestSecurely(const std::string& method,
                              const std::string& path,
                              const std::string& body = {},
                              std::map<std::string, std::string> headers = {}) const;
    /// With the sample key and JSON.
    ApiAnswer get(const std::string& path) const;
    ApiAnswer post(const std::string& path, const Json& body, const std::string& key = {}) const;
    /// What createPayment() sends.
    static Json paymentOf(const std::string& order, const std::string& subject);
    /// A payment of this subject; throws unless it is created. Returns its id.
    std::string pay(const std::string& subject) const;
    /// The provider's number of the payment's latest attempt, once its code is there.
    std::string codeNumber(const std::string& payment) const;
    /// Over HTTPS, where providers call.
    ApiAnswer deliver(const std::string& path, const std::string& form) const;
    /// Sends the bytes to the HTTP port as they are; the answer up to the end of the connection.
    std::string sendRaw(const std::string& bytes) const;
    const std::string& token() const noexcept { return token_; }
    /// The value of a metric with exactly these labels, as /metrics shows it; 0 when it is not
    /// there.
    double metric(const std::string& name_and_labels) const;
    /// JSON to and from the simulator's control addresses.
    Json simulator(const std::string& method, const std::string& path, const Json& body = {}) const;

    std::string log() const;

private:
    void prepare();
    Poco::Net::Context::Ptr trust() const;

    HubOptions options_;
    std::filesystem::path build_;
    std::filesystem::path folder_;
    std::uint16_t http_port_ = 0;
    std::uint16_t https_port_ = 0;
    std::uint16_t simulator_port_ = 0;
    std::string token_;
    Daemon simulator_;
    Daemon hub_;
};

/// Until it holds; false when it does not within the time.
bool becomesTrue(const std::function<bool()>& holds,
                 std::chrono::seconds within = std::chrono::seconds(30));

std::string readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file, std::string_view content);

} // namespace hub::test
