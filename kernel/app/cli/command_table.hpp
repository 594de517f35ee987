// The one list of the program's own commands: words, arguments, options, text. Parsing, help and
// the check of what goes to the hub are made from it. Commands of plugins are the hub's to list.
#pragma once

#include <string>
#include <vector>

namespace hub::cli {

struct OptionSpec {
    std::string name;  // without dashes
    std::string value; // what to call it in help; empty: a switch
    std::string text;
    bool repeated = false;
    bool is_path = false; // made absolute here: the hub works in another folder
};

struct ArgumentSpec {
    std::string name;
    bool required = true;
};

/// Where a command runs: in this process, in the running hub, or there if one answers.
enum class Place { Here, Hub, HubOrHere };

struct CommandSpec {
    std::string words; // "dead-letter list"
    std::string text;
    Place place = Place::Hub;
    std::vector<ArgumentSpec> arguments;
    std::vector<OptionSpec> options;
    /// Reads --file or standard input and sends it as option "input_base64".
    bool takes_input = false;
};

const std::vector<CommandSpec>& commandTable();

/// Options that every command knows.
const std::vector<OptionSpec>& globalOptions();
/// Of every command that is a plugin's.
const std::vector<OptionSpec>& pluginOptions();

} // namespace hub::cli
