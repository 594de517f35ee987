#include "app/connector_commands.hpp"

#include "base/exception.hpp"
#include "config/json_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace hub::app {

namespace {

namespace fs = std::filesystem;
using cli::AdminReply;

constexpr const char* kInstalled = "share/hub_sdk/templates";
constexpr const char* kInTree = "sdk/templates";
constexpr std::size_t kIdSizeMax = 63; // with its pattern as in manifests
/// Targets that CMake makes itself: a library of that name can't be built.
constexpr std::array<std::string_view, 7> kCMakeTargets{
    "all", "clean", "depend", "help", "install", "package", "test"};

bool isId(std::string_view text)
{
    return !text.empty() && text.size() <= kIdSizeMax && text.front() >= 'a' &&
           text.front() <= 'z' && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

std::vector<std::string> partsOf(const std::string& id)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= id.size();) {
        const std::size_t end = std::min(id.find('_', at), id.size());
        if (end > at) {
            parts.push_back(id.substr(at, end - at));
        }
        at = end + 1;
    }
    return parts;
}

/// "payment_example" as a class and as a title: with its words' first letters raised.
std::string spelled(const std::string& id, const char* between)
{
    std::vector<std::string> parts = partsOf(id);
    for (std::string& part : parts) {
        if (part.front() >= 'a' && part.front() <= 'z') {
            part.front() = static_cast<char>(part.front() - 'a' + 'A');
        }
    }
    return fmt::format("{}", fmt::join(parts, between));
}

class Renaming {
public:
    Renaming(const std::string& from, const std::string& to)
        : pairs_{{{from, to},
                  {spelled(from, ""), spelled(to, "")},
                  {spelled(from, " "), spelled(to, " ")}}}
    {}

    std::string apply(std::string text) const
    {
        for (const auto& [from, to] : pairs_) {
            for (std::size_t at = text.find(from); at != std::string::npos;
                 at = text.find(from, at + to.size())) {
                text.replace(at, from.size(), to);
            }
        }
        return text;
    }

private:
    std::array<std::pair<std::string, std::string>, 3> pairs_;
};

std::string readAll(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || (fs::file_size(path) != 0 && !(text << file.rdbuf()))) {
        throw base::Failure(HUB_INTERNAL, "{} can't be read", path.string());
    }
    return text.str();
}

/// Also takes over who may run the file.
void copyFile(const fs::path& from, const fs::path& to, const Renaming& renaming)
{
    std::ofstream file(to, std::ios::binary);
    file << renaming.apply(readAll(from));
    file.close();
    if (!file) {
        throw base::Failure(HUB_INTERNAL, "{} can't be written; is the disk full?", to.string());
    }
    fs::permissions(to, fs::status(from).permissions() | fs::perms::owner_write);
}

void copyFolder(const fs::path& from, const fs::path& to, const Renaming& renaming)
{
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(from)) {
        const fs::path target = to / renaming.apply(entry.path().filename().string());
        if (entry.is_directory()) {
            copyFolder(entry.path(), target, renaming);
        } else {
            copyFile(entry.path(), target, renaming);
        }
    }
}

struct Template {
    fs::path folder;
    std::string id;
    std::string contract;
};

/// The connectors among the templates.
std::vector<Template> readTemplates(const fs::path& templates)
{
    std::vector<Template> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(templates, none)) {
        const fs::path manifest = entry.path() / "manifest.json";
        if (!fs::exists(manifest)) {
            continue;
        }
        const auto json = config::readJsonFile(manifest, manifest.string());
        if (json.ok() && json.value().value("kind", "") == "connector") {
            found.push_back({entry.path(),
                             json.value().value("id", ""),
                             json.value().at("implements").at(0).value("contract", "")});
        }
    }
    return found;
}

Result<Template> chooseTemplate(const fs::path& templates, const std::string& contract)
{
    const std::vector<Template> all = readTemplates(templates);
    std::vector<std::string> contracts;
    for (const Template& one : all) {
        if (one.contract == contract || (contract.empty() && all.size() == 1)) {
            return one;
        }
        contracts.push_back(one.contract);
    }
    return Error{HUB_BAD_REQUEST,
                 fmt::format("--contract is \"{}\", must be one that a template implements: {}",
                             contract,
                             contracts.empty() ? "there is none; install the SDK anew"
                                               : fmt::format("{}", fmt::join(contracts, ", ")))};
}

std::optional<Error> objectionTo(const NewConnector& wanted, const std::string& contract)
{
    if (!isId(wanted.id)) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("\"{}\" must be 1 to 63 of a-z, 0-9 and _, beginning with a "
                                 "letter; name it after contract and provider, such as {}_acme",
                                 wanted.id,
                                 contract)};
    }
    if (std::find(kCMakeTargets.begin(), kCMakeTargets.end(), wanted.id) != kCMakeTargets.end()) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("\"{0}\" is a word of CMake's; name the connector after contract "
                                 "and provider, such as {1}_{0}",
                                 wanted.id,
                                 contract)};
    }
    if (fs::exists(fs::symlink_status(wanted.folder))) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("{} is there already; name a new folder with --folder",
                                 wanted.folder.string())};
    }
    return std::nullopt;
}

/// What was begun and not finished goes.
struct Part {
    explicit Part(fs::path where)
        : path(std::move(where))
    {
        clear();
    }
    ~Part() { clear(); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    void clear() const noexcept
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }

    const fs::path path;
};

fs::path thisProgram()
{
    std::error_code failed;
    return fs::read_symlink("/proc/self/exe", failed);
}

/// For a shell.
std::string quoted(const std::string& text)
{
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_./+-").find(c) != std::string_view::npos;
    });
    std::string escaped;
    for (const char c : text) {
        escaped += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return is_plain ? text : "'" + escaped + "'";
}

/// What to type next. An SDK that is only in the hub's tree is installed first: connectors are
/// built against an installed one.
std::vector<std::string>
nextCommands(const fs::path& templates, const fs::path& program, const std::string& folder)
{
    std::vector<std::string> commands;
    std::string prefix = quoted(templates.parent_path().parent_path().parent_path().string());
    if (!templates.string().ends_with(kInstalled)) {
        prefix = "\"$HOME/hub_sdk\"";
        commands.push_back(fmt::format("cmake --install {} --component sdk --prefix {}",
                                       quoted(program.parent_path().parent_path().string()),
                                       prefix));
    }
    commands.push_back("cd " + quoted(folder));
    commands.push_back(
        fmt::format("cmake -S . -B build -DCMAKE_PREFIX_PATH={} && cmake --build build", prefix));
    commands.emplace_back("ctest --test-dir build --output-on-failure");
    return commands;
}

} // namespace

fs::path findTemplates(const fs::path& program)
{
    for (fs::path at = program.parent_path(); at.has_relative_path(); at = at.parent_path()) {
        for (const char* place : {kInstalled, kInTree}) {
            if (!readTemplates(at / place).empty()) { // a build has folders of the same names
                return at / place;
            }
        }
    }
    return {};
}

Result<void> makeConnector(const fs::path& templates, const NewConnector& wanted)
{
    const auto chosen = chooseTemplate(templates, wanted.contract);
    if (!chosen.ok()) {
        return chosen.error();
    }
    if (auto objection = objectionTo(wanted, chosen.value().contract)) {
        return std::move(*objection);
    }
    const Part part(wanted.folder.string() + ".part");
    try {
        copyFolder(chosen.value().folder, part.path, Renaming(chosen.value().id, wanted.id));
        fs::rename(part.path, wanted.folder);
    } catch (const fs::filesystem_error& failure) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("{} can't be made: {}; name another folder with --folder",
                                 wanted.folder.string(),
                                 failure.code().message())};
    }
    return {};
}

AdminReply connectorNew(const cli::AdminRequest& request)
{
    const fs::path program = thisProgram();
    const fs::path templates = findTemplates(program);
    if (templates.empty()) {
        return AdminReply::failure(
            cli::kExitFailed,
            fmt::format("there are no templates near {}; run the program that an installed SDK has "
                        "in its folder bin",
                        program.string()));
    }
    const std::string id = request.words.at(2);
    const std::string folder = request.options.value("folder", id);
    const auto made = makeConnector(
        templates, {id, fs::absolute(folder), request.options.value("contract", std::string{})});
    if (!made.ok()) {
        return AdminReply::failure(cli::kExitUsage, made.error().message);
    }
    AdminReply reply;
    const std::vector<std::string> next = nextCommands(templates, program, folder);
    reply.data = {{"id", id}, {"folder", fs::absolute(folder).string()}, {"next", next}};
    cli::Section section{
        fmt::format("{} is in {}. The next commands, then its README.md:", id, folder), {""}, {}};
    for (const std::string& command : next) {
        section.rows.push_back({command});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

} // namespace hub::app
