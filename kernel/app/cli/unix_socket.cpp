#include "app/cli/unix_socket.hpp"

#include "base/exception.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace hub::cli {

namespace {

constexpr int kBacklog = 16;
constexpr std::size_t kChunkBytes = 16384;
constexpr timeval kWriteTimeout{10, 0};

std::string errorText(int code)
{
    return std::system_category().message(code);
}

/// Throws when the path does not fit into the kernel's 108 bytes: it would be cut silently.
sockaddr_un addressOf(const std::filesystem::path& path)
{
    sockaddr_un address{};
    const std::string text = path.string();
    if (text.size() >= sizeof address.sun_path) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "the socket path {} has {} bytes, must have at most {}; choose a "
                            "shorter run.folder",
                            text,
                            text.size(),
                            sizeof address.sun_path - 1);
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    return address;
}

UnixSocket makeSocket()
{
    UnixSocket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.descriptor() < 0) {
        throw base::Failure(HUB_INTERNAL, "no socket can be made: {}", errorText(errno));
    }
    return socket;
}

int connectTo(const UnixSocket& socket, const sockaddr_un& address)
{
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(socket.descriptor(), generic, sizeof address) == 0 ? 0 : errno;
}

/// A socket file outlives a killed hub; one that answers belongs to a living hub.
void removeStale(const std::filesystem::path& path, const sockaddr_un& address)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        return;
    }
    if (!S_ISSOCK(status.st_mode)) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "{} is there and no socket; move it away or choose another run.folder",
                            path.string());
    }
    if (connectTo(makeSocket(), address) == 0) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "another hub answers at {}; stop it or choose another run.folder",
                            path.string());
    }
    ::unlink(path.c_str());
}

} // namespace

UnixSocket::UnixSocket(UnixSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
    , buffer_(std::move(other.buffer_))
{}

UnixSocket& UnixSocket::operator=(UnixSocket&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(buffer_, other.buffer_);
    return *this;
}

UnixSocket::~UnixSocket()
{
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

UnixSocket UnixSocket::listen(const std::filesystem::path& path)
{
    const sockaddr_un address = addressOf(path);
    removeStale(path, address);
    UnixSocket socket = makeSocket();
    // Linux gives the path the mode of the unbound socket: there is no moment with a wider one.
    if (::fchmod(socket.descriptor(), S_IRUSR | S_IWUSR) != 0 ||
        ::bind(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
            0 ||
        ::listen(socket.descriptor(), kBacklog) != 0) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "the admin socket {} can't be made: {}; check that its folder is there "
                            "and writable",
                            path.string(),
                            errorText(errno));
    }
    return socket;
}

Result<UnixSocket> UnixSocket::connect(const std::filesystem::path& path)
{
    const sockaddr_un address = addressOf(path);
    UnixSocket socket = makeSocket();
    const int code = connectTo(socket, address);
    if (code != 0) {
        return Error{
            HUB_UNAVAILABLE,
            fmt::format("no hub answers at {} ({}); start it with `expohub serve`, or name "
                        "its settings with --config",
                        path.string(),
                        errorText(code))};
    }
    return socket;
}

UnixSocket UnixSocket::accept() const
{
    UnixSocket socket(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.descriptor() >= 0) {
        ::setsockopt(
            socket.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &kWriteTimeout, sizeof kWriteTimeout);
    }
    return socket;
}

uid_t UnixSocket::peerUser() const
{
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        throw base::Failure(
            HUB_INTERNAL, "the admin socket's peer can't be told: {}", errorText(errno));
    }
    return peer.uid;
}

Result<std::string> UnixSocket::readLine(std::size_t bytes_max, std::optional<Deadline> deadline)
{
    for (;;) {
        const auto end = buffer_.find('\n');
        if (end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        if (buffer_.size() > bytes_max) {
            return Error{HUB_BAD_REQUEST, fmt::format("a line is longer than {} bytes", bytes_max)};
        }
        int wait_ms = -1;
        if (deadline) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                *deadline - std::chrono::steady_clock::now());
            wait_ms = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        }
        pollfd waiting{descriptor_, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, wait_ms);
        if (ready == 0) {
            return Error{HUB_THROTTLED, "the line did not come in time"};
        }
        char chunk[kChunkBytes];
        const ssize_t got = ready < 0 ? -1 : ::recv(descriptor_, chunk, sizeof chunk, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return Error{HUB_UNAVAILABLE, "the connection was closed"};
        }
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
}

bool UnixSocket::write(const std::string& text) const
{
    std::size_t sent = 0;
    while (sent < text.size()) {
        const ssize_t count =
            ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

bool UnixSocket::waitClosed(std::chrono::milliseconds timeout) const
{
    pollfd waiting{descriptor_, POLLRDHUP, 0};
    return ::poll(&waiting, 1, static_cast<int>(timeout.count())) > 0;
}

void UnixSocket::shutdown() const noexcept
{
    ::shutdown(descriptor_, SHUT_RDWR);
}

} // namespace hub::cli
