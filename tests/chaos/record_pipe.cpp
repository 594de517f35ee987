#include "record_pipe.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace chaos {

RecordPipe::RecordPipe(const std::filesystem::path& fifo, const std::filesystem::path& file)
{
    constexpr mode_t kOwnersOnly = 0600;
    if (::mkfifo(fifo.c_str(), kOwnersOnly) == 0) {
        // Both ends: it neither waits for a writer nor ends with the last one.
        pipe_ = ::open(fifo.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    }
    file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kOwnersOnly);
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    if (pipe_ < 0 || file_ < 0 || wake_ < 0) {
        throw std::runtime_error(fifo.string() + ": " + std::strerror(errno));
    }
    thread_ = std::thread([this] { copy(); });
}

RecordPipe::~RecordPipe()
{
    ::eventfd_write(wake_, 1);
    thread_.join();
    for (const int descriptor : {pipe_, file_, wake_}) {
        ::close(descriptor);
    }
}

void RecordPipe::copy()
{
    std::array<char, 65'536> bytes{};
    std::array<pollfd, 2> items = {{{pipe_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    for (bool stopping = false; !stopping;) {
        ::poll(items.data(), items.size(), -1);
        stopping = items[1].revents != 0; // then what is still in the pipe, and no more
        for (ssize_t got = 0; (got = ::read(pipe_, bytes.data(), bytes.size())) > 0;) {
            if (::write(file_, bytes.data(), static_cast<std::size_t>(got)) != got) {
                return; // the judge misses these events and says so
            }
        }
    }
}

} // namespace chaos
