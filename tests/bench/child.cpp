#include "child.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::size_t kShown = 2000; // bytes of output in a message

void become(const std::vector<std::string>& command, const std::string& output)
{
    std::vector<char*> words;
    for (const std::string& word : command) {
        words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    ::execv(words[0], words.data());
    ::_exit(127);
}

} // namespace

Child::~Child()
{
    end();
}

void Child::start(const std::vector<std::string>& command, const std::filesystem::path& output)
{
    end();
    output_ = output;
    pid_ = ::fork();
    if (pid_ == 0) {
        become(command, output.string());
    }
    alive_ = pid_ > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)) : -1;
    if (alive_ < 0) {
        throw std::runtime_error(command.front() + " can't be started");
    }
}

int Child::end() noexcept
{
    int status = 0;
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, &status, 0);
        ::close(alive_);
        pid_ = 0;
    }
    return status;
}

void Child::stop()
{
    if (const int status = end(); status != 0) {
        throw std::runtime_error("a program ended with status " + std::to_string(status));
    }
}

void Child::watch(std::chrono::milliseconds time) const
{
    pollfd ended{alive_, POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(time.count())) != 0) {
        const std::string text = contentOf(output_);
        throw std::runtime_error("a program ended: " +
                                 text.substr(text.size() - std::min(kShown, text.size())));
    }
}

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
        throw std::runtime_error(line + " failed: " + text.substr(0, kShown));
    }
    return text;
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

} // namespace bench
