#include "gateway/connections.hpp"

#include <chrono>

#include <sys/socket.h>

namespace hub::gateway {

namespace {

using Poco::Net::IPAddress;

std::string groupOf(const IPAddress& address)
{
    if (address.family() == IPAddress::IPv6 && !address.isIPv4Mapped()) {
        // One subscriber holds a whole /64.
        return (address & IPAddress(64, IPAddress::IPv6)).toString();
    }
    return address.toString();
}

} // namespace

Connections::Entry::Entry(Connections& connections, int descriptor, const IPAddress& address)
    : connections_(connections)
    , descriptor_(descriptor)
    , address_(groupOf(address))
{
    const std::lock_guard lock(connections_.mutex_);
    const auto count = connections_.by_address_.emplace(address_, 0).first;
    admitted_ = !connections_.stopping_ && count->second < connections_.per_address_max_;
    if (admitted_) {
        ++count->second;
        connections_.alive_.insert(descriptor_);
    }
}

Connections::Entry::~Entry()
{
    if (!admitted_) {
        return;
    }
    const std::lock_guard lock(connections_.mutex_);
    const auto count = connections_.by_address_.find(address_);
    if (--count->second == 0) {
        connections_.by_address_.erase(count);
    }
    connections_.alive_.erase(descriptor_);
    // Under the lock: the one who waits may destroy the condition as soon as it is free.
    connections_.removed_.notify_all();
}

bool Connections::Entry::beginIdle()
{
    const std::lock_guard lock(connections_.mutex_);
    // In a crowd a thread is worth more than a saved handshake.
    if (connections_.stopping_ ||
        static_cast<int>(connections_.alive_.size()) > connections_.crowd_) {
        return false;
    }
    connections_.idle_.insert(descriptor_);
    return true;
}

void Connections::Entry::endIdle()
{
    const std::lock_guard lock(connections_.mutex_);
    connections_.idle_.erase(descriptor_);
}

bool Connections::stopping() const
{
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Connections::stop(std::int64_t wait_ms)
{
    std::unique_lock lock(mutex_);
    stopping_ = true;
    for (const int idle : idle_) {
        ::shutdown(idle, SHUT_RD);
    }
    const auto gone = [this] {
        return alive_.empty();
    };
    if (!removed_.wait_for(lock, std::chrono::milliseconds(wait_ms), gone)) {
        for (const int descriptor : alive_) {
            ::shutdown(descriptor, SHUT_RDWR);
        }
    }
    removed_.wait(lock, gone);
}

} // namespace hub::gateway
