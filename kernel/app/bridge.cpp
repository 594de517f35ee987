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

journal::CallAnswer notRead(std::string why)
{
    journal::CallAnswer nothing;
    nothing.status = HUB_UNAVAILABLE;
    nothing.message = std::move(why);
    return nothing;
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

bool Bridge::isThere(const bus::HostId& host) const
{
    const std::lock_guard lock(mutex_);
    return ready_.count(host) != 0;
}

bool Bridge::switchTo(const bus::HostId& host)
{
    // Under the lock, so that the loss of this host can't come before it in the lane.
    const std::lock_guard lock(mutex_);
    if (ready_.count(host) == 0) {
        return false;
    }
    if (bus::HostId& present = present_[host.library]; present != host) {
        present = host;
        lane_->submit(hostUpWork(host));
    }
    return true;
}

void Bridge::beginLive(const bus::HostId& host, const journal::CallDelivery& call, Kind kind)
{
    LiveCall live;
    live.host = host;
    live.contract = call.contract;
    live.session = kind == Kind::Session;
    live.inbound = kind == Kind::Reading;
    live.aside = kind == Kind::Reading || kind == Kind::Aside;
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

bool Bridge::sendCall(const std::string& library,
                      journal::Incarnation incarnation,
                      journal::CallDelivery call)
{
    const bus::HostId host{library, incarnation};
    if (!isThere(host)) {
        return false;
    }
    beginLive(host, call, Kind::Call);
    watch_.gave(host, call.id, call.deadline_ms);
    return router_->send(host, std::move(call));
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

bool Bridge::sendEvent(const std::string& library,
                       journal::Incarnation incarnation,
                       journal::EventDelivery event)
{
    const bus::HostId host{library, incarnation};
    if (!isThere(host)) {
        return false;
    }
    watch_.gave(host, idOf(event.event->seq), 0);
    return router_->send(host, std::move(event));
}

journal::CallAnswer Bridge::readCallback(journal::CallDelivery call, std::int64_t wait_ms)
{
    const auto host = present(call.connector);
    if (!host) {
        return notRead("the connector " + call.connector + " is not running");
    }
    return readCallback(*host, std::move(call), wait_ms);
}

journal::CallAnswer
Bridge::readCallback(const bus::HostId& host, journal::CallDelivery call, std::int64_t wait_ms)
{
    return await(host, std::move(call), Kind::Reading, wait_ms);
}

journal::CallAnswer Bridge::callAside(journal::CallDelivery call, std::int64_t wait_ms)
{
    const auto host = present(call.connector);
    return host ? await(*host, std::move(call), Kind::Aside, wait_ms)
                : notRead("the connector " + call.connector + " is not running");
}

journal::CallAnswer
Bridge::await(const bus::HostId& host, journal::CallDelivery call, Kind kind, std::int64_t wait_ms)
{
    const hub_call_id id = next_reading_++;
    call.id = id;
    call.delivery = 1;
    beginLive(host, call, kind);
    std::future<journal::CallAnswer> reading;
    {
        const std::lock_guard lock(mutex_);
        reading = readings_[id].get_future();
    }
    const bool sent = kind == Kind::Reading ? router_->sendCallback(host, std::move(call))
                                            : router_->sendAside(host, std::move(call));
    if (sent && reading.wait_for(std::chrono::milliseconds(wait_ms)) == std::future_status::ready) {
        return reading.get();
    }
    live_.end(host, id);
    const std::lock_guard lock(mutex_);
    readings_.erase(id);
    return notRead(sent ? "the connector did not answer in time" : "the connector's queue is full");
}

void Bridge::hostReady(const bus::HostId& host)
{
    turnEnded(); // what was gathered may have come first
    {
        const std::lock_guard lock(mutex_);
        ready_.insert(host);
        if (!watch_.waits(host)) {
            present_[host.library] = host;
            // Under the lock as in switchTo(): the lane hears of both in their order.
            lane_->submit(hostUpWork(host));
        }
    }
    watch_.ready(host);
}

void Bridge::hostLost(const bus::HostId& host, const std::string& reason)
{
    bool was_ready = false;
    live_.endAll(host);
    {
        const std::lock_guard lock(mutex_);
        was_ready = ready_.erase(host) != 0;
        std::erase_if(present_, [&host](const auto& entry) { return entry.second == host; });
    }
    if (was_ready) {
        submit(hostLostWork(host, reason));
    }
    watch_.lost(host, reason);
}

void Bridge::credit(const bus::HostId& host, std::uint32_t count)
{
    if (isThere(host)) {
        words_.push_back({host, count});
    }
}

void Bridge::answered(const bus::HostId& host, journal::CallAnswer answer)
{
    const auto live = live_.end(host, answer.id);
    // A connection that can't be made is no progress.
    if (!live || !live->session || answer.status == HUB_OK) {
        watch_.progress(host);
    }
    if (live) {
        watch_.answered(*live, answer);
    }
    if (live && live->session) {
        return;
    }
    if (live && live->aside) {
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
        watch_.progress(host);
    }
    if (isThere(host)) {
        words_.push_back({host, std::move(acknowledgement)});
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
