// UnixSocket: a stream socket on a path, with lines, deadlines and the peer's identity. Poco's
// sockets know neither peer credentials nor a mode for the path.
#pragma once

#include <hub/result.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace hub::cli {

using Deadline = std::chrono::steady_clock::time_point;

/// Owns a file descriptor. Not thread-safe, but shutdown() may be called from another thread.
class UnixSocket {
public:
    UnixSocket() = default;
    explicit UnixSocket(int descriptor) noexcept
        : descriptor_(descriptor)
    {}
    UnixSocket(UnixSocket&& other) noexcept;
    UnixSocket& operator=(UnixSocket&& other) noexcept;
    UnixSocket(const UnixSocket&) = delete;
    UnixSocket& operator=(const UnixSocket&) = delete;
    ~UnixSocket();

    /// Binds a socket of mode 0600 and listens; takes the place of one that nobody answers.
    /// Throws base::Failure naming the path.
    static UnixSocket listen(const std::filesystem::path& path);
    /// HUB_UNAVAILABLE when nobody answers there.
    static Result<UnixSocket> connect(const std::filesystem::path& path);

    int descriptor() const noexcept { return descriptor_; }
    UnixSocket accept() const;
    uid_t peerUser() const;

    /// A line without its end. HUB_UNAVAILABLE: closed; HUB_THROTTLED: too slow;
    /// HUB_BAD_REQUEST: longer than `bytes_max`.
    Result<std::string> readLine(std::size_t bytes_max, std::optional<Deadline> deadline);
    /// False when the peer is gone or takes nothing for ten seconds.
    bool write(const std::string& text) const;
    /// Waits up to `timeout`; true when the peer is gone.
    bool waitClosed(std::chrono::milliseconds timeout) const;
    /// Wakes whoever reads or writes.
    void shutdown() const noexcept;

private:
    int descriptor_ = -1;
    std::string buffer_;
};

} // namespace hub::cli
