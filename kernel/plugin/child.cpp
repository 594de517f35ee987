#include "plugin/child.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

// glibc 2.36 declares it without a linkage for C++.
extern "C" {
#include <sys/pidfd.h>
}

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::plugin {

namespace {

constexpr std::size_t kLineBytesMax = 4096;

class SpawnActions {
public:
    SpawnActions(int out, int err)
    {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
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

void closeIfOpen(int& descriptor) noexcept
{
    if (descriptor >= 0) {
        ::close(std::exchange(descriptor, -1));
    }
}

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

void LineReader::take(std::string_view bytes, const std::function<void(std::string_view)>& line)
{
    rest_.append(bytes);
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = rest_.find('\n', begin);
        const bool whole = end != std::string::npos && end - begin <= kLineBytesMax;
        if (!whole && rest_.size() - begin <= kLineBytesMax) {
            break;
        }
        const std::size_t size = whole ? end - begin : kLineBytesMax;
        line(std::string_view(rest_).substr(begin, size));
        begin += size + (whole ? 1 : 0);
    }
    rest_.erase(0, begin);
}

void LineReader::finish(const std::function<void(std::string_view)>& line)
{
    if (!rest_.empty()) {
        line(rest_);
        rest_.clear();
    }
}

namespace {

/// The options of a build with sanitizers, whose suppressions hold for children, too.
std::vector<std::string> withSanitizers(std::vector<std::string> environment)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
        if (const char* value = std::getenv(name)) {
            environment.push_back(fmt::format("{}={}", name, value));
        }
    }
#endif
    return environment;
}

} // namespace

Result<std::unique_ptr<Child>> Child::spawn(const std::filesystem::path& program,
                                            const std::vector<std::string>& environment,
                                            const std::vector<std::string>& arguments)
{
    std::unique_ptr<Child> child(new Child);
    std::array<int, 2> writers = {-1, -1};
    for (std::size_t i = 0; i < writers.size(); ++i) {
        std::array<int, 2> ends = {-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            closeIfOpen(writers[0]);
            return Error{
                HUB_UNAVAILABLE,
                fmt::format("{}: no pipe for its output: {}; raise the limit of open files",
                            program.string(),
                            std::strerror(errno))};
        }
        child->streams_[i].descriptor = ends[0];
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        writers[i] = ends[1];
    }
    const SpawnActions spawning(writers[0], writers[1]);
    std::vector<std::string> words = {program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = withSanitizers(environment);
    pid_t pid = -1;
    const int failure = ::posix_spawn(&pid,
                                      program.c_str(),
                                      spawning.actions(),
                                      spawning.attributes(),
                                      pointersTo(words).data(),
                                      pointersTo(variables).data());
    for (int& writer : writers) {
        closeIfOpen(writer);
    }
    if (failure != 0) {
        return Error{HUB_UNAVAILABLE,
                     fmt::format("{}: can't be started: {}; check the path and its mode",
                                 program.string(),
                                 std::strerror(failure))};
    }
    child->pid_ = pid;
    child->pid_descriptor_ = ::pidfd_open(pid, 0);
    if (child->pid_descriptor_ < 0) {
        return Error{HUB_UNAVAILABLE,
                     fmt::format("{}: can't be watched: {}; raise the limit of open files",
                                 program.string(),
                                 std::strerror(errno))};
    }
    return child;
}

Child::~Child()
{
    if (pid_ > 0) {
        signalGroup(SIGKILL);
        while (!reaped_ && ::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
    }
    closeIfOpen(pid_descriptor_);
    for (Stream& stream : streams_) {
        closeIfOpen(stream.descriptor);
    }
}

void Child::readOutput(const LineSink& line)
{
    std::array<char, 16384> buffer = {};
    for (Stream& stream : streams_) {
        if (stream.descriptor < 0) {
            continue;
        }
        const ssize_t got = ::read(stream.descriptor, buffer.data(), buffer.size());
        if (got > 0) {
            stream.reader.take({buffer.data(), static_cast<std::size_t>(got)}, line);
        } else if (got == 0) {
            stream.reader.finish(line);
            closeIfOpen(stream.descriptor);
        }
    }
}

void Child::finishOutput(const LineSink& line)
{
    std::array<char, 16384> buffer = {};
    for (Stream& stream : streams_) {
        // A grandchild may hold the other end: take what is there, wait for nothing.
        ssize_t got = 0;
        while (stream.descriptor >= 0 &&
               (got = ::read(stream.descriptor, buffer.data(), buffer.size())) > 0) {
            stream.reader.take({buffer.data(), static_cast<std::size_t>(got)}, line);
        }
        stream.reader.finish(line);
        closeIfOpen(stream.descriptor);
    }
}

void Child::signalGroup(int signal) noexcept
{
    ::kill(-pid_, signal);
}

std::optional<Child::Ending> Child::reap()
{
    siginfo_t info = {};
    if (::waitid(P_PIDFD, static_cast<id_t>(pid_descriptor_), &info, WEXITED | WNOHANG) != 0 ||
        info.si_pid == 0) {
        return std::nullopt;
    }
    // The group outlives its leader while it has members.
    signalGroup(SIGKILL);
    reaped_ = true;
    if (info.si_code == CLD_EXITED) {
        return Ending{info.si_status, fmt::format("exited with code {}", info.si_status)};
    }
    const char* name = ::sigabbrev_np(info.si_status);
    return Ending{std::nullopt,
                  fmt::format("was ended by signal {} ({})",
                              info.si_status,
                              name == nullptr ? "unknown" : name)};
}

} // namespace hub::plugin
