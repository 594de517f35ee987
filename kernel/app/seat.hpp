// Seat: one version of a library, with one configuration, in processes of its own as long as it is
// wanted. While a library is replaced it has two seats: one takes new work, the other waits or
// finishes.
#pragma once

#include "base/clock.hpp"
#include "bus/router.hpp"
#include "config/settings.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/host_process.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hub::app {

/// How a seat has served. Counts only grow.
struct SeatRecord {
    std::uint64_t answers = 0;
    std::uint64_t bad = 0;    // failed inside, broke the contract or refused an inbound request
    std::uint64_t losses = 0; // of its process, unless it was told to stop
};

class Seat;

/// On the supervisor's thread: hand over and return.
class SeatListener {
public:
    virtual ~SeatListener() = default;
    /// Before a process of the seat is started.
    virtual void seatStarting(Seat& seat, const bus::HostId& host) = 0;
    virtual void
    seatChanged(Seat& seat, plugin::HostProcessState state, const std::string& reason) = 0;
};

struct SeatSettings {
    const plugin::Package* package = nullptr; // lives as long as the seat
    std::filesystem::path folder;             // where library and manifest are read from
    std::string config_json;                  // for create()
    std::uint32_t credit_max = 64;
};

/// Thread-safe.
class Seat final : public plugin::HostProcessListener, public std::enable_shared_from_this<Seat> {
public:
    Seat(SeatSettings settings,
         const config::Settings::PluginHost& host,
         bus::Router& router,
         const base::Clock& clock,
         SeatListener& listener);

    const plugin::Package& package() const noexcept { return *settings_.package; }
    plugin::HostProcess& process() noexcept { return process_; }

    /// Its process that is there, once it is ready.
    std::optional<bus::HostId> host() const;
    void ready(const bus::HostId& host);
    void lost(const bus::HostId& host, const std::string& reason);

    /// Whether new work goes to it.
    bool isPresent() const noexcept { return present_; }
    void setPresent(bool present) noexcept { present_ = present; }

    void answered(bool well) noexcept;
    SeatRecord record() const noexcept { return {answers_, bad_, losses_}; }

private:
    bus::Welcome welcome(const bus::HostId& host) override;
    void hostOutput(const std::string& library, std::string_view line) override;
    void hostChanged(const std::string& library,
                     plugin::HostProcessState state,
                     const std::string& reason) override;

    const SeatSettings settings_;
    SeatListener& listener_;
    mutable std::mutex mutex_;
    std::optional<bus::HostId> ready_;
    std::atomic<bool> present_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> answers_{0};
    std::atomic<std::uint64_t> bad_{0};
    std::atomic<std::uint64_t> losses_{0};
    plugin::HostProcess process_; // last: its thread uses the rest
};

} // namespace hub::app
