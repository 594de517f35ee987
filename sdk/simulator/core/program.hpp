// The command line of a simulator: `prepare` makes keys, certificates and settings in a folder,
// `serve` plays the providers from it. A program's main() names its providers and calls this.
#pragma once

#include "core/provider.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

/// One provider as a program plays it.
struct PlayedProvider {
    std::string name; ///< of its section in simulator.json
    /// Completes the section with what is missing and makes the files that it names.
    std::function<void(Json& section, const std::filesystem::path& folder)> prepare;
    /// Throws std::runtime_error when the section is wrong.
    std::function<std::unique_ptr<Provider>(
        const Json& section, const std::filesystem::path& folder, Surroundings surroundings)>
        make;
};

/// Runs until the command is done or SIGTERM came; returns the exit code. `serve` prints
/// "ready port=N" when it serves. A section that simulator.json lacks is not played.
int runProgram(std::string_view program,
               const std::vector<PlayedProvider>& played,
               const std::vector<std::string>& arguments);

} // namespace hub::simulator
