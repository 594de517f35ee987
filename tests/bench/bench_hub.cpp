#include "bench_hub.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::chrono::seconds kStartMax{20};

std::string output(const std::string& line, int& status)
{
    FILE* pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) {
        throw std::runtime_error("can't run " + line);
    }
    std::string text;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        text.append(buffer.data(), size);
    }
    status = ::pclose(pipe);
    return text;
}

/// Milliseconds of "2026-11-22T01:02:03.456Z" within its day; runs never cross midnight unseen.
double millisecondsOf(const std::string& time)
{
    return ((std::stod(time.substr(11, 2)) * 60 + std::stod(time.substr(14, 2))) * 60 +
            std::stod(time.substr(17, 6))) *
           1000;
}

} // namespace

BenchHub::BenchHub(std::filesystem::path build, const std::vector<LibraryConfig>& libraries)
    : build_(std::filesystem::absolute(build))
{
    std::string folder = (build_ / "bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("no folder can be made in " + build_.string());
    }
    folder_ = folder;
    int status = 0;
    const std::string said =
        output(fmt::format("config/demo/prepare.sh {0} {1} 0 0 9 'plugins.folder = {0}/lib-test' "
                           "'plugin_host.credit_max = {2}' 2>&1",
                           build_.string(),
                           folder,
                           kCredit),
               status);
    if (status != 0) {
        throw std::runtime_error("prepare.sh failed: " + said);
    }
    std::filesystem::remove_all(folder_ / "hub/plugins.d");
    std::filesystem::create_directory(folder_ / "hub/plugins.d");
    for (const LibraryConfig& library : libraries) {
        std::ofstream(folder_ / "hub/plugins.d" / (library.id + ".json")) << nlohmann::json{
            {"library", library.id}, {"enabled", true}, {"config", library.config}};
    }
}

BenchHub::~BenchHub()
{
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void BenchHub::start()
{
    const std::string program = (build_ / "bin/expohub").string();
    const std::string settings = (folder_ / "hub/hub.properties").string();
    pid_ = ::fork();
    if (pid_ == 0) {
        const int null = ::open("/dev/null", O_RDWR);
        ::dup2(null, 0);
        ::dup2(null, 1);
        ::dup2(null, 2);
        ::execl(program.c_str(), "expohub", "--config", settings.c_str(), "serve", nullptr);
        ::_exit(127);
    }
    const auto until = std::chrono::steady_clock::now() + kStartMax;
    while (!std::filesystem::exists(folder_ / "hub/run/admin.sock")) {
        if (std::chrono::steady_clock::now() > until || ::waitpid(pid_, nullptr, WNOHANG) != 0) {
            throw std::runtime_error("the hub did not start; see " + folder_.string() + "/log");
        }
        std::this_thread::yield();
    }
}

std::string BenchHub::command(const std::string& words) const
{
    int status = 0;
    return output(fmt::format("{}/bin/expohub --config {}/hub/hub.properties {} --json 2>/dev/null",
                              build_.string(),
                              folder_.string(),
                              words),
                  status);
}

double BenchHub::timeOf(const std::string& type) const
{
    const std::string text = command("event tail --from 1 --count 1 --type " + type);
    const auto event = nlohmann::json::parse(text.substr(0, text.find('\n')), nullptr, false);
    if (!event.is_object() || !event.contains("time")) {
        throw std::runtime_error("no event " + type + " came: " + text.substr(0, 200));
    }
    return millisecondsOf(event.at("time"));
}

} // namespace bench
