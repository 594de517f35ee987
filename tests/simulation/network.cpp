#include "network.hpp"

#include "base/assert.hpp"
#include "hubp/codec.hpp"

#include <algorithm>
#include <utility>

namespace hub::simulation {

namespace {

std::vector<std::string> partsOf(const std::string& routing_id, const hubp::Message& message)
{
    return {routing_id,
            std::string(hubp::kProtocol),
            std::string(1, static_cast<char>(message.command)),
            message.header,
            message.payload};
}

Result<hubp::Frame> decodeParts(const std::vector<std::string>& parts)
{
    const std::vector<std::string_view> views(parts.begin() + 1, parts.end());
    return hubp::decode(views);
}

} // namespace

LinkPtr Network::connect(std::function<void(const hubp::Frame&)> receive)
{
    auto link = std::make_shared<Link>();
    link->routing_id = "host-" + std::to_string(++connections_);
    link->receive = std::move(receive);
    links_[link->routing_id] = link;
    return link;
}

/// When a message sent now arrives: never before an earlier one of its direction.
std::int64_t Network::arrival(std::int64_t& last_ms)
{
    const std::int64_t now_ms = world_.timeline.nowMs();
    const std::int64_t wanted_ms = now_ms + 1 + world_.random.below(world_.weather.latency_max_ms);
    // Strictly later: of two at the same moment chance decides which comes first.
    last_ms = std::max(wanted_ms, last_ms + 1);
    return last_ms - now_ms;
}

void Network::send(const LinkPtr& link, const hubp::Frame& frame)
{
    const Result<hubp::Message> message = hubp::encode(frame);
    HUB_ASSERT(message.ok(), "a simulated host says what HUBP/1 can carry");
    if (!link->host_is_there || !link->hub_is_there) {
        return;
    }
    ++link->under_way;
    auto parts = partsOf(link->routing_id, message.value());
    world_.timeline.after(arrival(link->to_hub_ms), [this, link, parts = std::move(parts)] {
        if (link->hub_is_there) {
            arrived_.push_back({link, parts});
        }
    });
}

const std::vector<std::string_view>* Network::receive()
{
    if (arrived_.empty()) {
        return nullptr;
    }
    heard_ = std::move(arrived_.front());
    arrived_.pop_front();
    --heard_.link->under_way;
    views_.assign(heard_.parts.begin(), heard_.parts.end());
    return &views_;
}

bus::Sent Network::send(std::string_view routing_id, const hubp::Message& message)
{
    const auto found = links_.find(routing_id);
    if (found == links_.end()) {
        return bus::Sent::Unreachable;
    }
    const LinkPtr link = found->second;
    if (!link->host_is_there) {
        return link->under_way == 0 ? bus::Sent::Unreachable : bus::Sent::Yes;
    }
    const Result<hubp::Frame> frame = decodeParts(partsOf(link->routing_id, message));
    HUB_ASSERT(frame.ok(), "the hub says what HUBP/1 can carry");
    world_.timeline.after(arrival(link->to_host_ms), [link, frame = frame.value()] {
        if (link->host_is_there && link->hub_is_there) {
            link->receive(frame);
        }
    });
    return bus::Sent::Yes;
}

void Network::hubDied()
{
    for (const auto& [routing_id, link] : links_) {
        link->hub_is_there = false;
    }
    links_.clear();
    arrived_.clear();
}

} // namespace hub::simulation
