#include "process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

// glibc 2.36 declares it without a linkage for C++.
extern "C" {
#include <sys/pidfd.h>
}

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::conformance {

namespace {

class SpawnActions {
public:
    explicit SpawnActions(int output)
    {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        ::posix_spawnattr_init(&attributes_);
        sigset_t all;
        sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~SpawnActions()
    {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;

    const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
    const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

private:
    posix_spawn_file_actions_t actions_ = {};
    posix_spawnattr_t attributes_ = {};
};

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// The options of a build with sanitizers, whose suppressions hold for children, too.
void addSanitizers(std::vector<std::string>& environment)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) {
            environment.push_back(std::string(name) + "=" + value);
        }
    }
#else
    (void)environment;
#endif
}

std::runtime_error failure(const std::filesystem::path& program, const char* what, int number)
{
    return std::runtime_error(program.string() + ": " + what + ": " + std::strerror(number));
}

} // namespace

Process::Process(const std::filesystem::path& program,
                 std::vector<std::string> arguments,
                 std::vector<std::string> environment,
                 LineSink line)
    : line_(std::move(line))
{
    std::array<int, 2> ends = {-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw failure(program, "no pipe for its output", errno);
    }
    const SpawnActions spawning(ends[1]);
    arguments.insert(arguments.begin(), program.string());
    addSanitizers(environment);
    const int failed = ::posix_spawn(&pid_,
                                     program.c_str(),
                                     spawning.actions(),
                                     spawning.attributes(),
                                     pointersTo(arguments).data(),
                                     pointersTo(environment).data());
    ::close(ends[1]);
    output_ = ends[0];
    if (failed != 0) {
        ::close(output_);
        throw failure(program, "can't be started", failed);
    }
    watch_ = ::pidfd_open(pid_, 0);
    if (watch_ < 0) {
        const int number = errno;
        signal(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(output_);
        throw failure(program, "can't be watched", number);
    }
    reader_ = std::thread([this] { read(); });
}

Process::~Process()
{
    if (!ending_) {
        signal(SIGKILL);
        (void)wait(std::chrono::hours(1));
    }
    reader_.join();
    ::close(watch_);
    ::close(output_);
}

void Process::signal(int number) noexcept
{
    ::kill(-pid_, number);
}

std::optional<Process::Ending> Process::wait(std::chrono::milliseconds patience)
{
    if (ending_) {
        return ending_;
    }
    pollfd watched = {watch_, POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(patience.count())) <= 0) {
        return std::nullopt;
    }
    siginfo_t info = {};
    if (::waitid(P_PIDFD, static_cast<id_t>(watch_), &info, WEXITED) != 0) {
        return std::nullopt;
    }
    signal(SIGKILL); // the group outlives its leader while it has members
    if (info.si_code == CLD_EXITED) {
        ending_ = {info.si_status, "ended with exit code " + std::to_string(info.si_status)};
    } else {
        const char* name = ::sigabbrev_np(info.si_status);
        ending_ = {std::nullopt,
                   "was ended by signal " + std::string(name == nullptr ? "?" : name)};
    }
    return ending_;
}

void Process::finishOutput()
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(5), [this] { return closed_; });
}

std::string Process::lastLine()
{
    const std::lock_guard lock(mutex_);
    return lines_.empty() ? std::string{} : lines_.back();
}

std::string Process::waitForLine(const std::string& start, std::chrono::milliseconds patience)
{
    std::unique_lock lock(mutex_);
    std::string found;
    changed_.wait_for(lock, patience, [&] {
        const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const std::string& one) {
            return one.starts_with(start);
        });
        found = line == lines_.end() ? std::string{} : *line;
        return !found.empty() || closed_;
    });
    return found;
}

void Process::read()
{
    std::string rest;
    std::array<char, 4096> buffer = {};
    ssize_t got = 0;
    const auto give = [this](std::string line) {
        line_(line);
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
        changed_.notify_all();
    };
    while ((got = ::read(output_, buffer.data(), buffer.size())) > 0 ||
           (got < 0 && errno == EINTR)) {
        rest.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
            give(rest.substr(0, end));
            rest.erase(0, end + 1);
        }
    }
    if (!rest.empty()) {
        give(rest);
    }
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

} // namespace hub::conformance
