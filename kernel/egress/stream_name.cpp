#include "egress/stream_name.hpp"

#include "base/exception.hpp"

#include <atomic>
#include <cstring>
#include <system_error>
#include <thread>

#include <netdb.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::egress {

struct Resolution::State {
    State() = default;
    ~State()
    {
        if (ended_event != -1) {
            ::close(ended_event);
        }
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void lookUp(const std::string& host, const std::string& port, int flags)
    {
        addrinfo hints{};
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_NUMERICSERV | flags;
        addrinfo* found = nullptr;
        const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
        if (code != 0) {
            reason = ::gai_strerror(code);
            return;
        }
        for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
            StreamAddress address;
            std::memcpy(&address.address, next->ai_addr, next->ai_addrlen);
            address.size = next->ai_addrlen;
            addresses.push_back(address);
        }
        ::freeaddrinfo(found);
    }

    int ended_event = -1;
    std::atomic<bool> ended{false}; // everything below is written before
    std::vector<StreamAddress> addresses;
    std::string reason;
};

Resolution::Resolution(const std::string& host, const std::string& port)
    : state_(std::make_shared<State>())
{
    state_->lookUp(host, port, AI_NUMERICHOST);
    if (!state_->addresses.empty()) {
        state_->ended = true;
        return;
    }
    state_->reason.clear();
    state_->ended_event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    try {
        std::thread([state = state_, host, port] {
            pthread_setname_np(pthread_self(), "stream name");
            state->lookUp(host, port, 0);
            state->ended = true;
            ::eventfd_write(state->ended_event, 1);
        }).detach();
    } catch (const std::system_error& problem) {
        throw base::Failure(HUB_UNAVAILABLE, "no thread to look up {}: {}", host, problem.what());
    }
}

int Resolution::descriptor() const noexcept
{
    return state_->ended_event;
}

bool Resolution::hasEnded() const
{
    return state_->ended;
}

const std::vector<StreamAddress>& Resolution::addresses() const noexcept
{
    return state_->addresses;
}

const std::string& Resolution::reason() const noexcept
{
    return state_->reason;
}

} // namespace hub::egress
