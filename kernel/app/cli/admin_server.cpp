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
constexpr std::size_t kRequestBytesMax = 2 * 1024 * 1024;
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
    for (Connection& connection : connections_) {
        connection.socket.shutdown();
    }
    for (Connection& connection : connections_) {
        connection.thread.join();
    }
    connections_.clear();
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
    reap();
    if (connections_.size() >= kConnectionsMax) {
        socket.write(toLine(AdminReply::failure(
            kExitUnavailable,
            fmt::format("{} commands run already; wait until one ends", kConnectionsMax))));
        return;
    }
    Connection& connection = connections_.emplace_back();
    connection.socket = std::move(socket);
    connection.thread = std::thread([this, &connection] { serve(connection); });
}

void AdminServer::reap()
{
    connections_.remove_if([](Connection& connection) {
        if (!connection.done) {
            return false;
        }
        connection.thread.join();
        return true;
    });
}

void AdminServer::serve(Connection& connection)
{
    AdminReply reply;
    try {
        reply = answer(connection);
    } catch (...) {
        reply = AdminReply::failure(kExitInternal, base::currentExceptionText());
    }
    connection.socket.write(toLine(reply));
    connection.socket.shutdown();
    connection.done = true;
}

AdminReply AdminServer::answer(Connection& connection)
{
    const uid_t user = connection.socket.peerUser();
    if (user != 0 && user != ::geteuid()) {
        return AdminReply::failure(
            kExitFailed,
            fmt::format("{} may not command this hub, only its own user {} and root may; use sudo",
                        actorOf(user),
                        actorOf(::geteuid())));
    }
    const Result<std::string> line = connection.socket.readLine(
        kRequestBytesMax, std::chrono::steady_clock::now() + kRequestTimeout);
    if (!line.ok()) {
        return AdminReply::failure(kExitUsage, line.error().message);
    }
    Result<AdminRequest> request = parseRequest(line.value());
    if (!request.ok()) {
        return AdminReply::failure(kExitUsage, request.error().message);
    }
    request.value().actor = actorOf(user);
    AdminStream stream(connection.socket);
    return handler_.handle(request.value(), stream);
}

} // namespace hub::cli
