#include "process.hpp"

#include "child.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <time.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

fs::path folderOf(pid_t pid)
{
    return fs::path("/proc") / std::to_string(pid);
}

} // namespace

ProcessMemory memoryOf(pid_t pid)
{
    ProcessMemory memory;
    std::istringstream lines(contentOf(folderOf(pid) / "status"));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        double kibibytes = 0;
        words >> name >> kibibytes;
        const double megabytes = kibibytes * 1024 / 1e6;
        if (name == "VmRSS:") {
            memory.rss_mb = megabytes;
        } else if (name == "VmHWM:") {
            memory.peak_mb = megabytes;
        } else if (name == "RssAnon:") {
            memory.anonymous_mb = megabytes;
        }
    }
    if (memory.rss_mb <= 0) {
        throw std::runtime_error("there is no process " + std::to_string(pid));
    }
    return memory;
}

void resetPeak(pid_t pid)
{
    std::ofstream file(folderOf(pid) / "clear_refs");
    file << "5" << std::flush;
    if (!file) {
        throw std::runtime_error("the peak of a process can't be reset");
    }
}

double processorSeconds(pid_t pid)
{
    clockid_t clock = 0;
    timespec time{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
        throw std::runtime_error("there is no process " + std::to_string(pid));
    }
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::vector<pid_t> childrenOf(pid_t pid)
{
    std::vector<pid_t> children;
    for (const auto& thread : fs::directory_iterator(folderOf(pid) / "task")) {
        std::istringstream words(contentOf(thread.path() / "children"));
        for (pid_t child = 0; words >> child;) {
            children.push_back(child);
        }
    }
    return children;
}

std::string libraryOf(pid_t pid)
{
    // It wipes its environment; what it has mapped it can't hide.
    std::istringstream lines(contentOf(folderOf(pid) / "maps"));
    for (std::string line; std::getline(lines, line);) {
        const fs::path file = line.substr(line.rfind(' ') + 1);
        if (file.parent_path().parent_path().filename().string().rfind("lib", 0) == 0 &&
            file.stem() == "lib" + file.parent_path().filename().string()) {
            return file.parent_path().filename();
        }
    }
    return "";
}

} // namespace bench
