#include "app/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace hub::cli {

namespace {

using base::Json;

constexpr const char* kSeeHelp = "see `expohub --help`";

std::vector<std::string> split(const std::string& words)
{
    std::vector<std::string> parts(1);
    for (const char letter : words) {
        if (letter == ' ') {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

std::string joined(const std::vector<std::string>& words)
{
    return fmt::format("{}", fmt::join(words, " "));
}

const OptionSpec* findOption(const std::vector<OptionSpec>& options, const std::string& name)
{
    const auto found = std::find_if(options.begin(),
                                    options.end(),
                                    [&name](const OptionSpec& spec) { return spec.name == name; });
    return found == options.end() ? nullptr : &*found;
}

/// The command whose words the given ones begin with.
const CommandSpec* findCommand(const std::vector<std::string>& words)
{
    for (const CommandSpec& spec : commandTable()) {
        const auto parts = split(spec.words);
        if (words.size() >= parts.size() && std::equal(parts.begin(), parts.end(), words.begin())) {
            return &spec;
        }
    }
    return nullptr;
}

/// True when these words are the beginning of longer commands: "plugin".
bool isGroup(const std::vector<std::string>& words)
{
    const std::string beginning = joined(words) + " ";
    return std::any_of(commandTable().begin(), commandTable().end(), [&](const CommandSpec& spec) {
        return (spec.words + " ").rfind(beginning, 0) == 0;
    });
}

class Parser {
public:
    explicit Parser(const std::vector<std::string>& arguments)
        : arguments_(arguments)
    {}

    Result<CommandLine> parse()
    {
        collectWords();
        line_.spec = findCommand(line_.request.words);
        for (std::size_t index = 0; index < arguments_.size(); ++index) {
            if (isOption(arguments_[index])) {
                takeOption(index);
            }
        }
        if (line_.wish == CommandLine::Wish::Run && problem_.empty()) {
            checkCommand();
        }
        if (!problem_.empty()) {
            return Error{HUB_BAD_REQUEST, problem_ + "; " + kSeeHelp};
        }
        return std::move(line_);
    }

private:
    static bool isOption(const std::string& argument) { return argument.rfind("--", 0) == 0; }

    /// Whether an option has a value does not depend on the command: names mean the same in all.
    static bool hasValue(const std::string& name)
    {
        const auto taking = [&name](const std::vector<OptionSpec>& options) {
            const OptionSpec* spec = findOption(options, name);
            return spec != nullptr && !spec->value.empty();
        };
        return taking(globalOptions()) ||
               std::any_of(commandTable().begin(),
                           commandTable().end(),
                           [&taking](const CommandSpec& spec) { return taking(spec.options); });
    }

    void collectWords()
    {
        for (std::size_t index = 0; index < arguments_.size(); ++index) {
            const std::string& argument = arguments_[index];
            if (!isOption(argument)) {
                line_.request.words.push_back(argument);
            } else if (argument.find('=') == std::string::npos && hasValue(argument.substr(2))) {
                ++index;
            }
        }
    }

    void takeOption(std::size_t& index)
    {
        const std::string& argument = arguments_[index];
        const auto equals = argument.find('=');
        const std::string name =
            argument.substr(2, equals == std::string::npos ? equals : equals - 2);
        const OptionSpec* spec = findOption(globalOptions(), name);
        const bool global = spec != nullptr;
        if (!global) {
            spec = findOption(line_.spec == nullptr ? pluginOptions() : line_.spec->options, name);
        }
        if (spec == nullptr) {
            refuse(
                fmt::format("\"{}\" is no option of `{}`", argument, joined(line_.request.words)));
            return;
        }
        std::optional<std::string> value;
        if (equals != std::string::npos) {
            value = argument.substr(equals + 1);
        } else if (!spec->value.empty() && index + 1 < arguments_.size()) {
            value = arguments_[++index];
        }
        if (value.has_value() == spec->value.empty()) {
            refuse(fmt::format("\"--{}\" {}",
                               name,
                               spec->value.empty() ? "takes no value"
                                                   : "must be followed by " + spec->value));
            return;
        }
        if (global) {
            takeGlobal(name, value.value_or(""));
        } else {
            takeOwn(*spec, value);
        }
    }

    void takeGlobal(const std::string& name, const std::string& value)
    {
        if (name == "config") {
            line_.global.config_file = value;
        } else if (name == "set") {
            line_.global.overrides.push_back(value);
        } else if (name == "json") {
            line_.global.json = true;
        } else {
            line_.wish = name == "help" ? CommandLine::Wish::Help : CommandLine::Wish::Version;
        }
    }

    static std::string whole(const OptionSpec& spec, const std::string& value)
    {
        return spec.is_path && !value.empty() ? std::filesystem::absolute(value).string() : value;
    }

    void takeOwn(const OptionSpec& spec, const std::optional<std::string>& value)
    {
        Json& options = line_.request.options;
        if (spec.repeated) {
            options[spec.name].push_back(*value);
        } else if (options.contains(spec.name)) {
            refuse(fmt::format("\"--{}\" is there twice, must be there once", spec.name));
        } else {
            options[spec.name] = value ? Json(whole(spec, *value)) : Json(true);
        }
    }

    void checkCommand()
    {
        const auto& words = line_.request.words;
        if (words.empty()) {
            line_.wish = CommandLine::Wish::Help;
            return;
        }
        if (line_.spec == nullptr) {
            if (isGroup({words.front()})) {
                refuse(fmt::format("`{}` is no command", joined(words)));
            }
            return; // perhaps a plugin's
        }
        const auto& arguments = line_.spec->arguments;
        const std::size_t given = words.size() - split(line_.spec->words).size();
        const auto required = static_cast<std::size_t>(
            std::count_if(arguments.begin(), arguments.end(), [](const ArgumentSpec& argument) {
                return argument.required;
            }));
        if (given < required) {
            refuse(fmt::format(
                "`{}` must be followed by {}", line_.spec->words, arguments[given].name));
        } else if (given > arguments.size()) {
            refuse(fmt::format("\"{}\" is one argument too many for `{}`",
                               words[words.size() - given + arguments.size()],
                               line_.spec->words));
        }
    }

    void refuse(const std::string& problem)
    {
        if (problem_.empty()) {
            problem_ = problem;
        }
    }

    const std::vector<std::string>& arguments_;
    CommandLine line_;
    std::string problem_;
};

std::string usage(const CommandSpec& spec)
{
    std::string text = spec.words;
    for (const ArgumentSpec& argument : spec.arguments) {
        text += argument.required ? " <" + argument.name + ">" : " [" + argument.name + "]";
    }
    return text;
}

std::string optionLines(const std::vector<OptionSpec>& options)
{
    std::string text;
    for (const OptionSpec& option : options) {
        const std::string name =
            "--" + option.name + (option.value.empty() ? "" : " " + option.value);
        text += fmt::format("  {:<22} {}\n", name, option.text);
    }
    return text;
}

} // namespace

Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments)
{
    return Parser(arguments).parse();
}

std::string helpText(const CommandLine& line, const std::vector<PluginCommand>& plugins)
{
    if (line.spec != nullptr) {
        std::string text =
            fmt::format("expohub {} [options]\n\n{}\n", usage(*line.spec), line.spec->text);
        if (!line.spec->options.empty()) {
            text += "\nOptions\n" + optionLines(line.spec->options);
        }
        return text + "\nOptions of every command\n" + optionLines(globalOptions());
    }
    const std::string wanted = joined(line.request.words);
    std::string text = "expohub <command> [options]\n\nCommands\n";
    for (const CommandSpec& spec : commandTable()) {
        if (wanted.empty() || (spec.words + " ").rfind(wanted + " ", 0) == 0) {
            text += fmt::format("  {:<36} {}\n", usage(spec), spec.text);
        }
    }
    if (!plugins.empty()) {
        text += "\nCommands of plugins\n";
    }
    for (const PluginCommand& command : plugins) {
        std::string words = command.words;
        for (const std::string& argument : command.arguments) {
            words += " <" + argument + ">";
        }
        text += fmt::format("  {:<36} {}\n", words, command.title);
    }
    return text + "\nOptions of every command\n" + optionLines(globalOptions());
}

} // namespace hub::cli
