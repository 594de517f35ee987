#include "bench_hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartMax{60};
constexpr std::chrono::milliseconds kLook{20};
constexpr const char* kNote = "bench.json"; // what a kept installation is known by

void becomeHub(const std::string& program, const std::string& settings, const std::string& output)
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    ::execl(program.c_str(), "expohub", "--config", settings.c_str(), "serve", nullptr);
    ::_exit(127);
}

} // namespace

std::string outputOf(const std::string& line)
{
    FILE* pipe = ::popen(line.c_str(), "re");
    if (pipe == nullptr) {
        throw std::runtime_error("can't run " + line);
    }
    std::string text;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        text.append(buffer.data(), size);
    }
    if (::pclose(pipe) != 0) {
        throw std::runtime_error(line + " failed: " + text.substr(0, 1000));
    }
    return text;
}

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
    outputOf(fmt::format("config/demo/prepare.sh {0} {1} 0 0 9 'plugins.folder = {0}/lib-test' "
                         "'plugin_host.credit_max = {2}'{3} 2>&1",
                         build_.string(),
                         folder,
                         kCredit,
                         settings));
}

BenchHub::~BenchHub()
{
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
        ::close(alive_);
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void BenchHub::configure(const std::vector<LibraryConfig>& libraries)
{
    fs::remove_all(folder_ / "hub/plugins.d");
    fs::create_directory(folder_ / "hub/plugins.d");
    for (const LibraryConfig& library : libraries) {
        std::ofstream(folder_ / "hub/plugins.d" / (library.id + ".json")) << nlohmann::json{
            {"library", library.id}, {"enabled", true}, {"config", library.config}};
    }
}

void BenchHub::start()
{
    const fs::path socket = folder_ / "hub/run/admin.sock";
    fs::remove(socket);
    pid_ = ::fork();
    if (pid_ == 0) {
        becomeHub(build_ / "bin/expohub", folder_ / "hub/hub.properties", folder_ / "log/hub.out");
    }
    alive_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    const auto until = std::chrono::steady_clock::now() + kStartMax;
    while (!fs::exists(socket)) {
        watch(kLook);
        if (std::chrono::steady_clock::now() > until) {
            throw std::runtime_error("the hub did not come up");
        }
    }
}

void BenchHub::stop()
{
    int status = 0;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, &status, 0);
    ::close(alive_);
    pid_ = 0;
    if (status != 0) {
        throw std::runtime_error("the hub ended with " + std::to_string(status));
    }
}

void BenchHub::watch(std::chrono::milliseconds time) const
{
    pollfd end{alive_, POLLIN, 0};
    if (::poll(&end, 1, static_cast<int>(time.count())) != 0) {
        std::ostringstream log;
        log << std::ifstream(folder_ / "log/hub.log").rdbuf()
            << std::ifstream(folder_ / "log/hub.out").rdbuf();
        const std::string text = log.str();
        throw std::runtime_error(
            "the hub ended: " +
            text.substr(text.size() - std::min<std::size_t>(2000, text.size())));
    }
}

std::string BenchHub::command(const std::string& words, std::chrono::seconds limit) const
{
    return outputOf(
        fmt::format("timeout {0} {1}/bin/expohub --config {2}/hub/hub.properties {3} "
                    "--json 2>{2}/log/command.err || {{ cat {2}/log/command.err; false; }}",
                    limit.count(),
                    build_.string(),
                    folder_.string(),
                    words));
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
