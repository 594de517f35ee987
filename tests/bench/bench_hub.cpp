#include "bench_hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <stdlib.h>
#include <unistd.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartMax{60};
constexpr std::chrono::milliseconds kLook{20};
constexpr const char* kNote = "bench.json"; // what a kept installation is known by

} // namespace

double timeOf(const nlohmann::json& event)
{
    const std::string text = event.at("time"); // 2026-11-22T01:02:03.456Z
    std::tm time{};
    if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr) {
        throw std::runtime_error("no time: " + text);
    }
    return static_cast<double>(::timegm(&time)) * 1000 + std::stod("0" + text.substr(19)) * 1000;
}

BenchHub::BenchHub(const HubSetup& setup)
    : build_(fs::absolute(setup.build))
{
    std::string folder = (build_ / "bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("no folder can be made in " + build_.string());
    }
    folder_ = folder;
    if (!setup.from.empty()) {
        outputOf(fmt::format("cp -a --reflink=auto {}/. {}", setup.from.string(), folder));
        last_seq_ = nlohmann::json::parse(std::ifstream(folder_ / kNote)).at("last_seq");
    }
    std::string settings;
    for (const std::string& setting : setup.settings) {
        settings += " '" + setting + "'";
    }
    outputOf(
        fmt::format("config/demo/prepare.sh {0} {1} {4} {5} {6} 'plugins.folder = {0}/lib-test' "
                    "'plugin_host.credit_max = {2}'{3} 2>&1",
                    build_.string(),
                    folder,
                    kCredit,
                    settings,
                    setup.ports.http,
                    setup.ports.https,
                    setup.ports.simulator));
}

BenchHub::~BenchHub()
{
    hub_.end();
    if (std::uncaught_exceptions() != 0) {
        std::cerr << "bench: logs and store are in " << folder_.string() << "\n";
        return;
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void BenchHub::configure(const std::vector<LibraryConfig>& libraries)
{
    fs::remove_all(folder_ / "hub/plugins.d");
    fs::create_directory(folder_ / "hub/plugins.d");
    add(libraries);
}

void BenchHub::add(const std::vector<LibraryConfig>& libraries)
{
    for (const LibraryConfig& library : libraries) {
        std::ofstream(folder_ / "hub/plugins.d" / (library.id + ".json")) << nlohmann::json{
            {"library", library.id}, {"enabled", true}, {"config", library.config}};
    }
}

void BenchHub::start()
{
    const fs::path socket = folder_ / "hub/run/admin.sock";
    fs::remove(socket);
    hub_.start({build_ / "bin/expohub", "--config", folder_ / "hub/hub.properties", "serve"},
               folder_ / "log/hub.out");
    const auto until = std::chrono::steady_clock::now() + kStartMax;
    while (!fs::exists(socket)) {
        watch(kLook);
        if (std::chrono::steady_clock::now() > until) {
            throw std::runtime_error("the hub did not come up");
        }
    }
}

int BenchHub::starts(const std::string& library) const
{
    const std::string log = contentOf(folder_ / "log/hub.log");
    const std::string start = fmt::format("\"library\":\"{}\",\"message\":\"started:", library);
    int count = 0;
    for (std::size_t at = log.find(start); at != std::string::npos; at = log.find(start, at + 1)) {
        ++count;
    }
    return count;
}

std::string BenchHub::command(const std::string& words, std::chrono::seconds limit) const
{
    static std::atomic<int> number{0};
    const fs::path error = folder_ / "log" / fmt::format("command-{}.err", ++number);
    const std::string line = fmt::format("timeout {} {}/bin/expohub --config "
                                         "{}/hub/hub.properties --json {} 2>{}",
                                         limit.count(),
                                         build_.string(),
                                         folder_.string(),
                                         words,
                                         error.string());
    try {
        std::string said = outputOf(line);
        fs::remove(error);
        return said;
    } catch (const std::runtime_error& problem) {
        throw std::runtime_error(problem.what() + contentOf(error));
    }
}

std::map<std::string, nlohmann::json> BenchHub::events(const std::vector<std::string>& types,
                                                       std::chrono::seconds limit)
{
    std::string words = fmt::format("event tail --from {} --count {}", last_seq_ + 1, types.size());
    for (const std::string& type : types) {
        words += " --type " + type;
    }
    std::map<std::string, nlohmann::json> found;
    std::istringstream lines(command(words, limit));
    for (std::string line; std::getline(lines, line);) {
        const auto event = nlohmann::json::parse(line);
        last_seq_ = std::max(last_seq_, event.at("seq").get<std::int64_t>());
        found.emplace(event.at("type"), event);
    }
    for (const std::string& type : types) {
        if (found.count(type) == 0) {
            throw std::runtime_error("the event " + type + " did not come in order");
        }
    }
    return found;
}

std::string BenchHub::finding(const std::string& subject) const
{
    // It fails when anything needs an operator, and says what it found all the same.
    const auto facts = nlohmann::json::parse(
        outputOf(fmt::format("{}/bin/expohub --config {}/hub/hub.properties doctor --json "
                             "2>/dev/null || true",
                             build_.string(),
                             folder_.string())));
    for (const auto& fact : facts) {
        if (fact.value("subject", "") == subject) {
            return fact.value("finding", "");
        }
    }
    return "";
}

void BenchHub::keepAs(const fs::path& folder)
{
    std::ofstream(folder_ / kNote) << nlohmann::json{{"last_seq", last_seq_}};
    fs::create_directories(folder.parent_path());
    fs::rename(folder_, folder);
}

} // namespace bench
