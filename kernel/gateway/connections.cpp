#include "gateway/connections.hpp"

#include <Poco/Exception.h>

#include <chrono>

#include <sys/socket.h>

namespace hub::gateway {

namespace {

int descriptor(const Poco::Net::StreamSocket& socket)
{
    return socket.impl()->sockfd();
}

} // namespace

std::string Connections::addressOf(const Poco::Net::StreamSocket& socket)
{
    try {
        const Poco::Net::IPAddress address = socket.peerAddress().host();
        if (address.family() == Poco::Net::IPAddress::IPv6 && !address.isIPv4Mapped()) {
            // One subscriber holds a whole /64.
            return (address & Poco::Net::IPAddress(64, Poco::Net::IPAddress::IPv6)).toString();
        }
        return address.toString();
    } catch (const Poco::Exception&) {
        return "gone";
    }
}

bool Connections::add(const Poco::Net::StreamSocket& socket)
{
    const std::string address = addressOf(socket);
    const std::lock_guard lock(mutex_);
    int& count = by_address_[address];
    if (stopping_ || count >= per_address_max_) {
        return false;
    }
    ++count;
    alive_.emplace(descriptor(socket), socket);
    addresses_.emplace(descriptor(socket), address);
    return true;
}

void Connections::remove(const Poco::Net::StreamSocket& socket)
{
    {
        const std::lock_guard lock(mutex_);
        const auto address = addresses_.find(descriptor(socket));
        const auto count = by_address_.find(address->second);
        if (--count->second == 0) {
            by_address_.erase(count);
        }
        addresses_.erase(address);
        alive_.erase(descriptor(socket));
    }
    removed_.notify_all();
}

bool Connections::beginIdle(const Poco::Net::StreamSocket& socket)
{
    const std::lock_guard lock(mutex_);
    // In a crowd a thread is worth more than a saved handshake.
    if (stopping_ || static_cast<int>(alive_.size()) > crowd_) {
        return false;
    }
    idle_.insert(descriptor(socket));
    return true;
}

void Connections::endIdle(const Poco::Net::StreamSocket& socket)
{
    const std::lock_guard lock(mutex_);
    idle_.erase(descriptor(socket));
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
        for (const auto& [number, socket] : alive_) {
            ::shutdown(number, SHUT_RDWR);
        }
    }
    removed_.wait(lock, gone);
}

} // namespace hub::gateway
