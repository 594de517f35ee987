#include "app/seat.hpp"

#include "observe/log.hpp"

#include <utility>

namespace hub::app {

namespace {

const observe::Log kLog("fleet");

plugin::HostProcessSettings processSettings(const SeatSettings& seat,
                                            const config::Settings::PluginHost& host)
{
    plugin::HostProcessSettings settings;
    settings.library = seat.package->manifest.id;
    settings.host_program = host.path;
    settings.library_path = seat.folder / seat.package->manifest.library;
    settings.manifest_path = seat.folder / "manifest.json";
    settings.sandbox = host.sandbox;
    settings.uid_first = static_cast<std::uint32_t>(host.uid_first);
    settings.restart.crashes_max = static_cast<int>(host.restarts_max);
    settings.restart.backoff_max_ms = host.restart_delay_ms_max;
    return settings;
}

} // namespace

Seat::Seat(SeatSettings settings,
           const config::Settings::PluginHost& host,
           bus::Router& router,
           const base::Clock& clock,
           SeatListener& listener)
    : settings_(std::move(settings))
    , listener_(listener)
    , process_(processSettings(settings_, host), router, clock, *this)
{}

std::optional<bus::HostId> Seat::host() const
{
    const std::lock_guard lock(mutex_);
    return ready_;
}

void Seat::ready(const bus::HostId& host)
{
    const std::lock_guard lock(mutex_);
    ready_ = host;
}

void Seat::lost(const bus::HostId& host, const std::string& reason)
{
    {
        const std::lock_guard lock(mutex_);
        if (ready_ == host) {
            ready_.reset();
        }
    }
    if (!stopping_) {
        ++losses_;
    }
    process_.hostLost(host, reason);
}

void Seat::answered(bool well) noexcept
{
    ++answers_;
    bad_ += well ? 0 : 1;
}

bus::Welcome Seat::welcome(const bus::HostId& host)
{
    listener_.seatStarting(*this, host);
    return {settings_.package->manifest.json.dump(), settings_.config_json, settings_.credit_max};
}

void Seat::hostOutput(const std::string& library, std::string_view line)
{
    kLog.withLibrary(library).info("output: {}", line);
}

void Seat::hostChanged(const std::string&,
                       plugin::HostProcessState state,
                       const std::string& reason)
{
    stopping_ = state == plugin::HostProcessState::Stopping;
    listener_.seatChanged(*this, state, reason);
}

} // namespace hub::app
