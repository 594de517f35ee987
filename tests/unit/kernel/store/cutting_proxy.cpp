#include "cutting_proxy.hpp"

#include <cstring>
#include <stdexcept>
#include <string_view>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hub::store::test {

namespace {

constexpr const char* kSocketName = ".s.PGSQL.5432";

sockaddr_un address(const std::filesystem::path& folder)
{
    sockaddr_un result{};
    result.sun_family = AF_UNIX;
    const std::string path = folder / kSocketName;
    if (path.size() >= sizeof result.sun_path) {
        throw std::runtime_error(path + ": too long for a socket");
    }
    std::memcpy(result.sun_path, path.c_str(), path.size());
    return result;
}

bool sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

} // namespace

CuttingProxy::CuttingProxy(const std::filesystem::path& folder, const std::filesystem::path& server)
    : server_(server)
    , listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const sockaddr_un own = address(folder);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 || // NOLINT
        ::listen(listener_, 8) != 0 || ::pipe(wake_) != 0) {
        throw std::runtime_error("the proxy can't listen");
    }
    thread_ = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy()
{
    ::close(wake_[1]);
    thread_.join();
    for (const Pair& pair : pairs_) {
        ::close(pair.client);
        ::close(pair.server);
    }
    ::close(wake_[0]);
    ::close(listener_);
}

void CuttingProxy::accept()
{
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un there = address(server_);
    const bool connected =
        !closed_.load() &&
        ::connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0; // NOLINT
    if (connected) {
        pairs_.push_back({client, server});
    } else {
        ::close(client);
        ::close(server);
    }
}

bool CuttingProxy::forward(Pair& pair, bool from_client)
{
    char buffer[65536];
    const ssize_t size = ::recv(from_client ? pair.client : pair.server, buffer, sizeof buffer, 0);
    if (size <= 0) {
        return false;
    }
    const std::string_view bytes(buffer, static_cast<std::size_t>(size));
    if (from_client) {
        // A simple query: 'Q', length, text.
        if (bytes.front() == 'Q' && bytes.find("COMMIT") != std::string_view::npos &&
            armed_.exchange(false)) {
            pair.cutting = true;
        }
        return sendAll(pair.server, bytes);
    }
    if (pair.cutting) {
        cut_.store(true); // the server has answered, so it has committed
        return false;
    }
    return sendAll(pair.client, bytes);
}

void CuttingProxy::run()
{
    while (true) {
        std::vector<pollfd> polled{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const Pair& pair : pairs_) {
            polled.push_back({pair.client, POLLIN, 0});
            polled.push_back({pair.server, POLLIN, 0});
        }
        ::poll(polled.data(), polled.size(), -1);
        if (polled[0].revents != 0) {
            return;
        }
        std::vector<Pair> open;
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            Pair& pair = pairs_[i];
            const bool lives = (polled[2 + 2 * i].revents == 0 || forward(pair, true)) &&
                               (polled[3 + 2 * i].revents == 0 || forward(pair, false));
            if (lives) {
                open.push_back(pair);
            } else {
                ::close(pair.client);
                ::close(pair.server);
            }
        }
        pairs_ = std::move(open);
        if (polled[1].revents != 0) {
            accept();
        }
    }
}

} // namespace hub::store::test
