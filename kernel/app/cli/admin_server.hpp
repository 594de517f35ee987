// AdminServer: takes commands of operators over a Unix socket. Only the hub's own user and root
// may connect; who they are becomes the actor of what they do.
#pragma once

#include "app/cli/protocol.hpp"
#include "app/cli/unix_socket.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace hub::cli {

/// The way back to the operator while a command runs. Belongs to the thread of handle().
class AdminStream {
public:
    explicit AdminStream(const UnixSocket& socket)
        : socket_(socket)
    {}

    /// False when the operator is gone or the server stops: end the command.
    bool send(const StreamItem& item) { return socket_.write(toLine(item)); }
    /// Waits up to `timeout`; true when the operator is gone or the server stops.
    bool waitClosed(std::chrono::milliseconds timeout) const { return socket_.waitClosed(timeout); }

private:
    const UnixSocket& socket_;
};

/// Thread-safe: each request comes on a thread of its own. What it throws becomes a reply with
/// exit code 70.
class AdminHandler {
public:
    virtual ~AdminHandler() = default;
    virtual AdminReply handle(const AdminRequest& request, AdminStream& stream) = 0;
};

class AdminServer {
public:
    /// Binds the socket; throws base::Failure naming the path.
    AdminServer(std::filesystem::path path, AdminHandler& handler);
    /// Stops.
    ~AdminServer();
    AdminServer(const AdminServer&) = delete;
    AdminServer& operator=(const AdminServer&) = delete;

    void start();
    /// Ends every connection, waits for handlers that run, removes the socket. Idempotent.
    void stop() noexcept;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    using Connections = std::list<UnixSocket>;

    void run();
    void take();
    void serve(Connections::iterator connection);
    AdminReply answer(UnixSocket& socket);

    std::filesystem::path path_;
    AdminHandler& handler_;
    UnixSocket listener_;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable ended_;
    Connections connections_; // each served by a thread of its own, which takes it out at its end
    std::thread thread_;
};

} // namespace hub::cli
