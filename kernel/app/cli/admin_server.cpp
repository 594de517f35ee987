#include "app/cli/admin_server.hpp"

#include "base/exception.hpp"

#include <cstdio>
#include <utility>
#include <vector>

#include <poll.h>
#include <pwd.h>
#include <unistd.h>

namespace hub::cli {

namespace {

constexpr std::size_t kConnectionsMax = 16;
constexpr std::size_t kRequestBytesMax = 96 * 1024 * 1024; // 64 MiB in base64, and words
constexpr std::chrono::seconds kRequestTimeout{10};

std::string actorOf(uid_t user)
{
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
    return found != nullptr ? fmt::format("os:{}", found->pw_name) : fmt::format("os:{}", user);
}

} // namespace

AdminServer::AdminServer(std::filesystem::path path, AdminHandler& handler)
    : path_(std::move(path))
    , handler_(handler)
    , listener_(UnixSocket::listen(path_))
{}

AdminServer::~AdminServer()
{
    stop();
}

void AdminServer::start()
{
    thread_ = std::thread([this] { run(); });
}

void AdminServer::stop() noexcept
{
    if (stopping_.exchange(true)) {
        return;
    }
    ::unlink(path_.c_str());
    listener_.shutdown(); // accept() and poll() return
    if (thread_.joinable()) {
        thread_.join();
    }
    std::unique_lock lock(mutex_);
    for (UnixSocket& socket : connections_) {
        socket.shutdown();
    }
    ended_.wait(lock, [this] { return connections_.empty(); });
}

void AdminServer::run()
{
    while (!stopping_) {
        pollfd waiting{listener_.descriptor(), POLLIN, 0};
        if (::poll(&waiting, 1, -1) > 0 && !stopping_) {
            take();
        }
    }
}

void AdminServer::take()
{
    UnixSocket socket = listener_.accept();
    if (socket.descriptor() < 0) {
        return;
    }
    const std::lock_guard lock(mutex_);
    if (connections_.size() >= kConnectionsMax) {
        socket.write(toLine(AdminReply::failure(
            kExitUnavailable,
            fmt::format("{} commands run already; wait until one ends", kConnectionsMax))));
        return;
    }
    connections_.push_front(std::move(socket));
    // Detached: a thread that has ended holds nothing until somebody comes to join it.
    std::thread([this, connection = connections_.begin()] { serve(connection); }).detach();
}

void AdminServer::serve(Connections::iterator connection)
{
    AdminReply reply;
    try {
        reply = answer(*connection);
    } catch (...) {
        reply = AdminReply::failure(kExitInternal, base::currentExceptionText());
    }
    connection->write(toLine(reply));
    connection->shutdown();
    const std::lock_guard lock(mutex_);
    connections_.erase(connection);
    ended_.notify_all();
}

AdminReply AdminServer::answer(UnixSocket& socket)
{
    const uid_t user = socket.peerUser();
    if (user != 0 && user != ::geteuid()) {
        return AdminReply::failure(
            kExitFailed,
            fmt::format("{} may not command this hub, only its own user {} and root may; use sudo",
                        actorOf(user),
                        actorOf(::geteuid())));
    }
    const Result<std::string> line =
        socket.readLine(kRequestBytesMax, std::chrono::steady_clock::now() + kRequestTimeout);
    if (!line.ok()) {
        return AdminReply::failure(kExitUsage, line.error().message);
    }
    Result<AdminRequest> request = parseRequest(line.value());
    if (!request.ok()) {
        return AdminReply::failure(kExitUsage, request.error().message);
    }
    request.value().actor = actorOf(user);
    AdminStream stream(socket);
    return handler_.handle(request.value(), stream);
}

} // namespace hub::cli
