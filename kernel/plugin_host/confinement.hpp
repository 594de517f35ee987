// What a host process gives up before it meets the library. The order is fixed, because each step
// is possible only before the next: while single-threaded, user, namespaces and file rules
// (confineProcess); then the ZeroMQ context, whose threads inherit them; then HELLO and WELCOME;
// then the filter of system calls (call_filter.hpp); then the library. Every step fails closed.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hub::plugin_host {

struct ConfinementSettings {
    /// The working directory, and the only folder with files of ours that stays readable.
    std::filesystem::path folder;
    /// The hub's, "ipc://" and a path.
    std::string endpoint;
    /// Who to become when started by root; 0: nobody was named, which root may not be.
    std::uint32_t uid = 0;
    /// False: this process stays what it was, and only ends with the hub.
    bool confined = true;
    /// What the operator allows this machine to lack.
    bool may_lack_landlock = false;
    bool may_lack_namespaces = false;
};

struct Confinement {
    /// Where to connect; root's socket is reached through a descriptor.
    std::string endpoint;
    /// One line for the log: what holds this process.
    std::string summary;
    /// Sentences: what this machine lacks and the operator allowed.
    std::vector<std::string> lacking;
};

/// Call while single-threaded. The error names what is missing and the remedy.
Result<Confinement> confineProcess(const ConfinementSettings& settings);

} // namespace hub::plugin_host
