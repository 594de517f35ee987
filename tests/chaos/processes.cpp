#include "processes.hpp"

#include "waiting.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace chaos {

namespace {

constexpr Milliseconds kStopLimit{15'000};

/// Only async-signal-safe calls between fork and exec: other threads may hold locks.
pid_t start(const std::vector<std::string>& command, int output, bool in_background)
{
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) {
        throw std::runtime_error(command.front() + ": can't be started: " + std::strerror(errno));
    }
    if (child > 0) {
        return child;
    }
    ::dup2(output, STDOUT_FILENO);
    if (in_background) {
        ::dup2(output, STDERR_FILENO);
        ::setsid(); // an interrupt at the terminal is ours alone
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) {
            ::_exit(127);
        }
    }
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

int toCode(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// "pid (name) state ppid …", where the name may hold anything.
struct Status {
    char state = 'X';
    pid_t parent = 0;
};

std::optional<Status> statusOf(pid_t pid)
{
    const std::string text = readFile("/proc/" + std::to_string(pid) + "/stat");
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos || end_of_name + 4 >= text.size()) {
        return std::nullopt;
    }
    return Status{text[end_of_name + 2],
                  static_cast<pid_t>(std::strtol(text.c_str() + end_of_name + 4, nullptr, 10))};
}

} // namespace

Ended run(const std::vector<std::string>& command)
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    }
    const pid_t child = start(command, ends[1], false);
    ::close(ends[1]);
    Ended ended;
    char block[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], block, sizeof block)) > 0;) {
        ended.output.append(block, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ended.code = toCode(status);
    return ended;
}

Background::Background(const std::vector<std::string>& command, const std::filesystem::path& output)
{
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) {
        throw std::runtime_error(output.string() + ": " + std::strerror(errno));
    }
    pid_ = start(command, file, true);
    ::close(file);
}

Background::~Background()
{
    stop();
}

bool Background::hasEnded() noexcept
{
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = -1; // it may soon be somebody else's
    }
    return pid_ < 0;
}

void Background::stop() noexcept
{
    if (hasEnded()) {
        return;
    }
    const auto ended = [this] {
        return hasEnded();
    };
    ::kill(pid_, SIGTERM);
    if (!waitUntil(kStopLimit, ended)) {
        for (const pid_t child : childrenOf(pid_)) {
            ::kill(child, SIGKILL);
        }
        ::kill(pid_, SIGKILL);
        int status = 0;
        ::waitpid(pid_, &status, 0);
    }
    pid_ = -1;
}

std::vector<pid_t> childrenOf(pid_t parent)
{
    std::vector<pid_t> children;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) {
            continue;
        }
        const pid_t pid = static_cast<pid_t>(std::stol(name));
        const auto status = statusOf(pid);
        if (status && status->parent == parent && status->state != 'Z') {
            children.push_back(pid);
        }
    }
    return children;
}

bool isConfined(pid_t pid)
{
    const std::string text = readFile("/proc/" + std::to_string(pid) + "/status");
    return text.find("\nSeccomp:\t2\n") != std::string::npos;
}

bool isAlive(pid_t pid)
{
    const auto status = statusOf(pid);
    return status && status->state != 'Z' && status->state != 'X';
}

} // namespace chaos
