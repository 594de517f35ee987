// One hub with its simulated provider in a folder of its own, on free ports, made as for the
// demonstration and supervised the same way.
#pragma once

#include "https_client.hpp"
#include "options.hpp"
#include "processes.hpp"
#include "record_pipe.hpp"
#include "waiting.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chaos {

enum class Victim { Hub, Connector, Subscriber };
const char* toText(Victim victim);

/// What a fault needs otherwise than the demonstration has it.
struct Setup {
    std::vector<std::string> settings;    ///< lines "key = value" of hub.properties
    std::vector<std::string> environment; ///< "NAME=value", for the hub alone
    /// Given the simulator's port, the one that the hub is told: of a proxy between them.
    std::function<std::uint16_t(std::uint16_t)> between;
    /// Given the installation's folder, after it was prepared and before anything starts.
    std::function<void(const std::filesystem::path&)> configure;
    /// Connectors that must be there and confined before the run begins.
    std::vector<std::string> connectors = {"payment_alipay"};
};

class Installation {
public:
    /// Prepares and starts everything; throws when a part does not come up.
    explicit Installation(const Options& options, Setup setup = {});
    /// Stops everything; the folder goes unless keep() was called.
    ~Installation();
    Installation(const Installation&) = delete;
    Installation& operator=(const Installation&) = delete;

    const Options& options() const noexcept { return options_; }
    Server hub() const;
    Server simulator() const;
    const std::filesystem::path& folder() const noexcept { return folder_; }
    const std::filesystem::path& build() const noexcept { return build_; }
    std::uint16_t httpPort() const noexcept { return http_port_; }
    std::uint16_t httpsPort() const noexcept { return https_port_; }
    /// The store, keys and settings of the hub: all that it must not lose.
    std::filesystem::path dataFolder() const { return folder_ / "hub"; }
    /// Where the server of --store postgres is; throws when there is none.
    const std::filesystem::path& postgresFolder() const { return postgres_folder_.value(); }
    std::filesystem::path recordFile() const { return folder_ / "events.log"; }

    /// Its process now; 0 while it is not running.
    pid_t processOf(Victim victim) const;
    /// The process that hosts this library now; 0 while there is none.
    pid_t hostOf(const std::string& library) const;
    bool isHealthy() const;
    /// Stops hub and supervisor in good order.
    void stopHub() { hub_.reset(); }
    /// kill -9 of supervisor, hub and its children; returns when none is left.
    void killHub();
    /// "NAME=value" each, for the hub's next start.
    void setHubEnvironment(std::vector<std::string> environment);
    /// The hub lives so many seconds ahead from its next start on.
    void shiftHubClock(int seconds);
    /// Starts them and does not wait.
    void launchHub();
    /// Starts them again and waits until the hub is healthy; throws when it does not come up.
    void startHub();
    /// Ends the provider at once; returns when it answers again, with its settings read anew.
    /// Throws when it does not.
    void restartSimulator();
    /// `expohub …` against this hub.
    Ended command(const std::vector<std::string>& arguments) const;
    void keep() noexcept { kept_ = true; }

private:
    void startPostgres();
    void prepare();
    void prepareHosts();
    void startSimulator();
    void createApiKey();
    void demandConfinement() const;

    Options options_;
    Setup setup_;
    std::filesystem::path source_;
    std::filesystem::path build_;
    std::filesystem::path folder_;
    std::optional<std::filesystem::path> postgres_folder_;
    std::uint16_t http_port_ = 0;
    std::uint16_t https_port_ = 0;
    std::uint16_t simulator_port_ = 0;
    Poco::Net::Context::Ptr context_;
    std::string token_;
    std::unique_ptr<RecordPipe> record_;
    std::unique_ptr<Background> simulator_;
    std::unique_ptr<Background> hub_;
    bool kept_ = false;
};

} // namespace chaos
