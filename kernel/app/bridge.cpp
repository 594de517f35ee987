#include "app/bridge.hpp"

#include "hubp/frames.hpp"
#include "observe/log.hpp"

#include <chrono>
#include <utility>

namespace hub::app {

namespace {

const observe::Log kLog("bridge");

/// An event's delivery, among those of calls.
std::uint64_t idOf(std::int64_t seq)
{
    return hubp::kEventCallBit | static_cast<std::uint64_t>(seq);
}

} // namespace

void Bridge::attach(journal::Lane& lane,
                    bus::Router& router,
                    ServiceProvider& services,
                    HostWatch watch)
{
    lane_ = &lane;
    router_ = &router;
    services_ = &services;
    watch_ = std::move(watch);
}

bool Bridge::isUp(const std::string& library) const
{
    return present(library).has_value();
}

std::optional<bus::HostId> Bridge::present(const std::string& library) const
{
    const std::lock_guard lock(mutex_);
    const auto found = present_.find(library);
    return found == present_.end() ? std::nullopt : std::optional{found->second};
}

bool Bridge::isPresent(const bus::HostId& host) const
{
    return present(host.library) == host;
}

void Bridge::beginLive(const bus::HostId& host, const journal::CallDelivery& call, Kind kind)
{
    LiveCall live;
    live.host = host;
    live.contract = call.contract;
    live.session = kind == Kind::Session;
    live.inbound = kind == Kind::Reading;
    live.carried = call.carrier == journal::kBrowser;
    live.ticket.call_id = call.id;
    live.ticket.delivery = call.delivery;
    live.ticket.connector = call.connector;
    live.ticket.account = call.account;
    live.ticket.operation = call.operation;
    live.ticket.key = call.key;
    live.ticket.trace = call.trace;
    live.ticket.deadline_ms = call.deadline_ms;
    live.ticket.safe = call.safe;
    live.ticket.personal = call.personal;
    live_.begin(live);
}

bool Bridge::sendCall(const std::string& library, journal::CallDelivery call)
{
    const auto host = present(library);
    if (!host) {
        return false;
    }
    beginLive(*host, call, Kind::Call);
    watch_.gave(*host, call.id, call.deadline_ms);
    return router_->send(*host, std::move(call));
}

bool Bridge::sendSession(const bus::HostId& host, journal::CallDelivery session)
{
    if (!isPresent(host)) {
        return false;
    }
    const hub_call_id id = session.id;
    beginLive(host, session, Kind::Session);
    const bool taken = router_->sendSession(host, std::move(session));
    if (!taken) {
        live_.end(host, id);
    }
    return taken;
}

bool Bridge::sendEvent(const std::string& library, journal::EventDelivery event)
{
    const auto host = present(library);
    if (!host) {
        return false;
    }
    watch_.gave(*host, idOf(event.event->seq), 0);
    return router_->send(*host, std::move(event));
}

journal::CallAnswer Bridge::readCallback(journal::CallDelivery call, std::int64_t wait_ms)
{
    journal::CallAnswer nothing;
    nothing.status = HUB_UNAVAILABLE;
    nothing.message = "the connector " + call.connector + " is not running";
    const auto host = present(call.connector);
    if (!host) {
        return nothing;
    }
    const hub_call_id id = next_reading_++;
    call.id = id;
    call.delivery = 1;
    beginLive(*host, call, Kind::Reading);
    std::future<journal::CallAnswer> reading;
    {
        const std::lock_guard lock(mutex_);
        reading = readings_[id].get_future();
    }
    if (!router_->sendCallback(*host, std::move(call))) {
        nothing.message = "the connector's queue is full";
    } else if (reading.wait_for(std::chrono::milliseconds(wait_ms)) == std::future_status::ready) {
        return reading.get();
    } else {
        nothing.message = "the connector did not read the request in time";
    }
    live_.end(*host, id);
    const std::lock_guard lock(mutex_);
    readings_.erase(id);
    return nothing;
}

void Bridge::hostReady(const bus::HostId& host)
{
    {
        const std::lock_guard lock(mutex_);
        present_[host.library] = host;
    }
    submit(hostUpWork(host.library));
    watch_.ready(host);
}

void Bridge::hostLost(const bus::HostId& host, const std::string& reason)
{
    const bool was_present = isPresent(host);
    live_.endAll(host);
    if (was_present) {
        {
            const std::lock_guard lock(mutex_);
            present_.erase(host.library);
        }
        submit(hostLostWork(host.library, reason));
    }
    watch_.lost(host, reason);
}

void Bridge::credit(const bus::HostId& host, std::uint32_t count)
{
    if (isPresent(host)) {
        words_.push_back({host.library, count});
    }
}

void Bridge::answered(const bus::HostId& host, journal::CallAnswer answer)
{
    const auto live = live_.end(host, answer.id);
    // A connection that can't be made is no progress.
    if (!live || !live->session || answer.status == HUB_OK) {
        watch_.progress(host.library);
    }
    if (live) {
        watch_.answered(*live, answer);
    }
    if (live && live->session) {
        return;
    }
    if (live && live->inbound) {
        std::promise<journal::CallAnswer> reading;
        {
            const std::lock_guard lock(mutex_);
            const auto found = readings_.find(answer.id);
            if (found == readings_.end()) {
                return;
            }
            reading = std::move(found->second);
            readings_.erase(found);
        }
        reading.set_value(std::move(answer));
        return;
    }
    watch_.settled(host, answer.id);
    submit(answerWork(host.library, std::move(answer)));
}

void Bridge::acknowledged(const bus::HostId& host, journal::Acknowledgement acknowledgement)
{
    watch_.settled(host, idOf(acknowledgement.seq));
    if (acknowledgement.status == HUB_OK) {
        watch_.progress(host.library);
    }
    if (isPresent(host)) {
        words_.push_back({host.library, std::move(acknowledgement)});
    }
}

void Bridge::published(const bus::HostId& host, bus::PublishFrame frame)
{
    frame.publication.publisher = host.library;
    frame.publication.recipient.clear();
    publications_.push_back({host, frame.token, std::move(frame.publication)});
}

void Bridge::turnEnded()
{
    if (!publications_.empty()) {
        lane_->submit(publishWork(std::exchange(publications_, {}),
                                  [this](const HostPublication& what, journal::Published how) {
                                      router_->send(what.host, what.token, how);
                                  }));
    }
    if (!words_.empty()) {
        lane_->submit(wordsWork(std::exchange(words_, {})));
    }
}

/// Behind what was gathered: it may have come first.
void Bridge::submit(std::unique_ptr<journal::Work> work)
{
    turnEnded();
    lane_->submit(std::move(work));
}

void Bridge::hold() noexcept
{
    router_->hold();
}

void Bridge::release() noexcept
{
    router_->release();
}

void Bridge::service(const bus::HostId& host, bus::ServiceFrame frame)
{
    services_->serve(host, std::move(frame));
}

void Bridge::logged(const bus::HostId& host, int level, const std::string& message)
{
    kLog.withLibrary(host.library).write(static_cast<observe::Level>(level), message);
}

} // namespace hub::app
