// Connections: which connections are alive, how many of each address, and how they end.
#pragma once

#include <Poco/Net/IPAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace hub::gateway {

/// Thread-safe.
class Connections {
public:
    Connections(int per_address_max, int crowd)
        : per_address_max_(per_address_max)
        , crowd_(crowd)
    {}

    /// False when the address has too many, or at the end.
    bool add(const Poco::Net::StreamSocket& socket);
    void remove(const Poco::Net::StreamSocket& socket);

    /// Around the wait for a next request; false: end the connection instead.
    bool beginIdle(const Poco::Net::StreamSocket& socket);
    void endIdle(const Poco::Net::StreamSocket& socket);

    bool stopping() const;
    /// Idle connections see the end of their input; then waits until all are gone, at last by
    /// cutting them.
    void stop(std::int64_t wait_ms);

private:
    static std::string addressOf(const Poco::Net::StreamSocket& socket);

    const int per_address_max_;
    const int crowd_;
    mutable std::mutex mutex_;
    std::condition_variable removed_;
    bool stopping_ = false;
    /// The copy of the socket keeps its descriptor from being reused while it is in here.
    std::map<int, Poco::Net::StreamSocket> alive_;
    std::set<int> idle_;
    std::map<std::string, int> by_address_;
    std::map<int, std::string> addresses_;
};

} // namespace hub::gateway
