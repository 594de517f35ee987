// The command line program around its commands: parses, decides where a command runs, prints what
// comes back. The caller gives it the hub's side.
#pragma once

#include "app/cli/command_line.hpp"
#include "app/cli/protocol.hpp"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace hub::cli {

/// What the program does itself. Both may throw base::Failure: its text is printed, exit code 78
/// for HUB_BAD_REQUEST, else 1.
struct LocalSide {
    /// Path of the admin socket by the settings in force.
    std::function<std::filesystem::path(const GlobalOptions&)> admin_socket;
    /// Runs a command in this process: those of Place::Here, and, when no hub answers, those of
    /// Place::HubOrHere and those that the program does not know.
    std::function<AdminReply(const AdminRequest&, const GlobalOptions&)> run;
    std::string version;
};

struct Streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& error;
};

/// `arguments` without the program's name. Returns the exit code. The running hub is asked for
/// `commands` when the table does not know the words: its reply's data is
/// [{"name": "payment show", "arguments": ["payment"], "title": {"en": …, "zh": …}}].
int runCli(const std::vector<std::string>& arguments, const LocalSide& local, Streams streams);

} // namespace hub::cli
