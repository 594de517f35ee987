// CommandLine: what a person typed, understood by the table of commands.
#pragma once

#include "app/cli/command_table.hpp"
#include "app/cli/protocol.hpp"

#include <hub/result.hpp>

#include <string>
#include <vector>

namespace hub::cli {

struct GlobalOptions {
    std::string config_file;            // empty: not given
    std::vector<std::string> overrides; // "key=value"
    bool json = false;
};

struct CommandLine {
    enum class Wish { Run, Help, Version } wish = Wish::Run;

    /// Null: not in the table; perhaps a plugin's, the running hub knows.
    const CommandSpec* spec = nullptr;
    AdminRequest request; // a missing actor is the server's to fill in
    GlobalOptions global;
};

/// HUB_BAD_REQUEST: a sentence that says what is wrong and how to get help.
Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments);

/// A command that a plugin offers, as the hub lists it.
struct PluginCommand {
    std::string words;
    std::vector<std::string> arguments;
    std::string title;
};

/// All commands, or the one of the command line. `plugins` may be empty.
std::string helpText(const CommandLine& line, const std::vector<PluginCommand>& plugins);

} // namespace hub::cli
