// HostTable: the processes of libraries that are there or starting, and the seat of each. While a
// library is replaced, its former processes keep the rights and accounts that they started with.
#pragma once

#include "app/seat.hpp"
#include "bus/router.hpp"

#include <map>
#include <memory>
#include <mutex>

namespace hub::app {

/// Thread-safe.
class HostTable {
public:
    void add(const bus::HostId& host, std::shared_ptr<Seat> seat)
    {
        const std::lock_guard lock(mutex_);
        seats_[host] = std::move(seat);
    }
    void remove(const bus::HostId& host)
    {
        const std::lock_guard lock(mutex_);
        seats_.erase(host);
    }
    /// Null: there is no such host (any more).
    std::shared_ptr<Seat> seatOf(const bus::HostId& host) const
    {
        const std::lock_guard lock(mutex_);
        const auto found = seats_.find(host);
        return found == seats_.end() ? nullptr : found->second;
    }
    /// The package that it runs; lives as long as the catalogue. Null as above.
    const plugin::Package* packageOf(const bus::HostId& host) const
    {
        const auto seat = seatOf(host);
        return seat == nullptr ? nullptr : &seat->package();
    }

private:
    mutable std::mutex mutex_;
    std::map<bus::HostId, std::shared_ptr<Seat>> seats_;
};

} // namespace hub::app
