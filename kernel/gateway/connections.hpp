// Connections: which connections are alive, how many of each address, and how they end.
#pragma once

#include <Poco/Net/IPAddress.h>

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
    /// In a crowd of more connections than `crowd`, none is kept for a further request.
    Connections(int per_address_max, int crowd)
        : per_address_max_(per_address_max)
        , crowd_(crowd)
    {}

    /// One connection's entry, as long as it lives. Its socket must stay open for longer: the
    /// descriptor is used here, and must not have become another connection's.
    class Entry {
    public:
        Entry(Connections& connections, int descriptor, const Poco::Net::IPAddress& address);
        ~Entry();
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

        /// False when the address has too many, or at the end.
        bool admitted() const noexcept { return admitted_; }
        /// Around the wait for a next request; false: end the connection instead.
        bool beginIdle();
        void endIdle();

    private:
        Connections& connections_;
        const int descriptor_;
        const std::string address_;
        bool admitted_ = false;
    };

    bool stopping() const;
    /// Idle connections see the end of their input; then waits until all are gone, at last by
    /// cutting them.
    void stop(std::int64_t wait_ms);

private:
    const int per_address_max_;
    const int crowd_;
    mutable std::mutex mutex_;
    std::condition_variable removed_;
    bool stopping_ = false;
    std::set<int> alive_;
    std::set<int> idle_;
    std::map<std::string, int> by_address_;
};

} // namespace hub::gateway
