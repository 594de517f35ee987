#include "http_crowd.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace chaos {

namespace {

constexpr std::size_t kOpenedPerTurn =
    100; ///< a pause lies between: the server is not the only one

sockaddr_in toAddress(const char* host, std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

} // namespace

Crowd::Crowd(std::uint16_t port, std::string address, std::size_t size, Manner manner)
    : port_(port)
    , address_(std::move(address))
    , size_(size)
    , manner_(std::move(manner))
    , thread_([this] { press(); })
{}

Crowd::~Crowd()
{
    leaving_ = true;
    thread_.join();
}

CrowdCounts Crowd::counts() const
{
    return {opened_, ended_, most_};
}

Socket Crowd::open() const
{
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (manner_.receive_buffer != 0) {
        ::setsockopt(socket.get(),
                     SOL_SOCKET,
                     SO_RCVBUF,
                     &manner_.receive_buffer,
                     sizeof manner_.receive_buffer);
    }
    const sockaddr_in from = toAddress(address_.c_str(), 0);
    const sockaddr_in to = toAddress("127.0.0.1", port_);
    ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from);
    ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
    return socket;
}

bool Crowd::press(Member& member)
{
    char ignored = 0;
    const ssize_t got =
        ::recv(member.socket.get(), &ignored, 1, MSG_PEEK | MSG_DONTWAIT); // never taken
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != ENOTCONN)) {
        return false;
    }
    const std::string& first = manner_.at_once;
    if (member.sent < first.size()) {
        const ssize_t sent = ::send(member.socket.get(),
                                    first.data() + member.sent,
                                    first.size() - member.sent,
                                    MSG_NOSIGNAL);
        member.sent += sent > 0 ? static_cast<std::size_t>(sent) : 0U;
    } else if (!manner_.drops.empty()) {
        const char drop = manner_.drops[(member.sent - first.size()) % manner_.drops.size()];
        member.sent += ::send(member.socket.get(), &drop, 1, MSG_NOSIGNAL) == 1 ? 1U : 0U;
    }
    return true;
}

void Crowd::press()
{
    while (!leaving_) {
        for (std::size_t i = 0; i < kOpenedPerTurn && members_.size() < size_; ++i) {
            members_.push_back({open(), 0});
            ++opened_;
        }
        std::erase_if(members_, [&](Member& member) {
            const bool over = !press(member);
            ended_ += over ? 1 : 0;
            return over;
        });
        most_ = std::max(most_.load(), static_cast<std::int64_t>(members_.size()));
        ::poll(nullptr, 0, static_cast<int>(manner_.pause.count()));
    }
}

} // namespace chaos
