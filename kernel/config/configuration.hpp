// Configuration: reads hub.properties, the environment and the command line in layers, and
// refuses what it does not know or what does not fit, each with one sentence.
#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hub::config {

struct Sources {
    std::filesystem::path file;                     // hub.properties; empty: none
    std::map<std::string, std::string> environment; // as environmentOf() gives it
    std::vector<std::string> overrides;             // "key=value"
    std::filesystem::path working_folder;           // for relative paths outside the file
};

/// The variables of this process that begin with EXPOHUB_.
std::map<std::string, std::string> environmentOf(char** environment);

/// A value in force and who set it.
struct Origin {
    std::string value;  // "(hidden)" where it is sensitive
    std::string source; // "default", a file, "environment", "command line"
};

struct Configuration {
    Settings settings;
    std::map<std::string, Origin> origins; // by key, for `config check`
    /// `hub.properties: "key" is "value", must be …; remedy`; settings hold only when empty.
    std::vector<std::string> problems;
};

/// Reads and checks everything; what is wrong is in `problems`, all of it at once.
Configuration readConfiguration(const Sources& sources);

/// Throws base::Failure with all problems, one a line.
Settings loadSettings(const Sources& sources);

} // namespace hub::config
