// A hostile library in a real host process, beside a sibling, and what the test needs to order it
// about and to look at its process from outside.
#pragma once

#include "integration/plugin_host/hub_side.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hub::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class HostileStage {
public:
    HostileStage();
    ~HostileStage();
    HostileStage(const HostileStage&) = delete;
    HostileStage& operator=(const HostileStage&) = delete;

    /// Starts the sibling, then the hostile library, which obeys from then on.
    void start();
    /// Only the hostile library, which must fault; the sentence.
    std::string startRefused(const std::string& program, const std::string& sandbox);
    /// The hostile library alone, by another host program.
    void startWith(const std::string& program, const std::string& sandbox);

    /// "attempt argument"; what came of it.
    std::string attempt(const std::string& order);
    /// What the host says of its confinement.
    std::string summary();
    bool hasLandlock() { return summary().find("Landlock") != std::string::npos; }
    bool hasNamespaces() { return summary().find("own namespaces") != std::string::npos; }
    HubSide& hub() { return hub_; }

    pid_t process() const noexcept { return hostile_pid_; }
    pid_t sibling() const noexcept { return sibling_pid_; }
    /// Open to everybody, so that nothing but the sandbox closes it: the package, and what is in
    /// it beside.
    std::filesystem::path package() const { return open_folder_ / "hub_test_hostile"; }
    std::filesystem::path openFolder() const { return open_folder_; }
    std::string endpointPath() const { return (folder_ / "hub.sock").string(); }

private:
    std::unique_ptr<plugin::HostProcess> run(const std::filesystem::path& library,
                                             const std::string& id);

    zmq::context_t context_;
    base::SystemClock clock_;
    std::filesystem::path folder_;
    std::filesystem::path open_folder_;
    HubSide hub_;
    plugin::HostProcessSettings settings_;
    std::unique_ptr<bus::Router> router_;
    std::unique_ptr<plugin::HostProcess> sibling_;
    std::unique_ptr<plugin::HostProcess> hostile_;
    pid_t sibling_pid_ = 0;
    pid_t hostile_pid_ = 0;
    hub_call_id last_call_ = 0;
};

/// A member of /proc/PID/task/TID/status of every thread: "CapEff", "NoNewPrivs".
std::vector<std::string> statusOfThreads(pid_t process, const std::string& member);
std::string readWhole(const std::filesystem::path& file);

} // namespace hub::test
