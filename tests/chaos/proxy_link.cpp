#include "proxy_link.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chaos {

namespace {

constexpr std::size_t kBlockBytes = 16 * 1024;
constexpr std::size_t kQueuedBytesMax = 256 * 1024; ///< of one direction; then nothing is read
constexpr int kBlocksAtOnce = 4;                    ///< then other connections have their turn
constexpr Milliseconds kThrottleStep{20};
constexpr Milliseconds kDeliveryLook{1};
constexpr Milliseconds kSilenceMax{120'000}; ///< a half-open connection ends at last

/// Everything sent was taken by the other side.
bool isDelivered(const Socket& socket)
{
    int left = 0;
    return ::ioctl(socket.get(), SIOCOUTQ, &left) != 0 || left == 0;
}

bool isTemporary(int error)
{
    // ENOTCONN: the connection to the server is still being made.
    return error == EAGAIN || error == EINTR || error == ENOTCONN;
}

} // namespace

Socket::Socket(Socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
{}

Socket& Socket::operator=(Socket&& other) noexcept
{
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

void Socket::close() noexcept
{
    if (descriptor_ >= 0) {
        ::close(std::exchange(descriptor_, -1));
    }
}

void Socket::reset() noexcept
{
    if (descriptor_ >= 0) {
        const linger hard{1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close();
    }
}

Link::Link(Socket client, Socket server, Plan plan, Clock::time_point now)
    : client_(std::move(client))
    , server_(std::move(server))
    , plan_(plan)
{
    down_.direction = Direction::ToClient;
    up_.next_send = now;
    down_.next_send = now;
}

bool Link::concerns(const Flow& flow) const noexcept
{
    return flow.direction == plan_.direction;
}

bool Link::isReached(const Flow& flow) const noexcept
{
    return concerns(flow) && flow.seen >= plan_.after_bytes;
}

Socket& Link::source(const Flow& flow) noexcept
{
    return flow.direction == Direction::ToServer ? client_ : server_;
}

Socket& Link::sink(const Flow& flow) noexcept
{
    return flow.direction == Direction::ToServer ? server_ : client_;
}

std::array<pollfd, 2> Link::waits(Clock::time_point now) const
{
    if (silent_until_ != Clock::time_point::max()) {
        return {pollfd{-1, 0, 0}, pollfd{-1, 0, 0}};
    }
    const auto wait = [now](const Socket& socket, const Flow& in, const Flow& out) {
        short events = 0;
        if (!in.ended && in.queued < kQueuedBytesMax) {
            events = static_cast<short>(events | POLLIN);
        }
        if (!out.blocks.empty() && out.blocks.front().due <= now && out.next_send <= now) {
            events = static_cast<short>(events | POLLOUT);
        }
        // A socket that nothing is wanted from would report its end over and over.
        return pollfd{events == 0 ? -1 : socket.get(), events, 0};
    };
    return {wait(client_, up_, down_), wait(server_, down_, up_)};
}

void Link::work(Clock::time_point now)
{
    if (over_ || now >= silent_until_) {
        reset();
        return;
    }
    if (silent_until_ != Clock::time_point::max()) {
        return;
    }
    for (Flow* flow : {&up_, &down_}) {
        read(*flow, now);
        if (!over_) {
            send(*flow, now);
        }
        if (over_) {
            return;
        }
    }
    conclude(now);
}

void Link::read(Flow& flow, Clock::time_point now)
{
    for (int i = 0; i < kBlocksAtOnce && !flow.ended && flow.queued < kQueuedBytesMax; ++i) {
        std::string block(kBlockBytes, '\0');
        const ssize_t got = ::recv(source(flow).get(), block.data(), block.size(), 0);
        if (got > 0) {
            block.resize(static_cast<std::size_t>(got));
            admit(flow, std::move(block), now);
        } else if (got == 0) {
            flow.ended = true;
        } else {
            if (!isTemporary(errno)) {
                reset(); // one side's RST is the other's
            }
            return;
        }
    }
}

void Link::enqueue(Flow& flow, const std::string& bytes, Clock::time_point due)
{
    if (!bytes.empty()) {
        flow.blocks.push_back({due, bytes});
        flow.queued += bytes.size();
    }
}

void Link::admit(Flow& flow, std::string bytes, Clock::time_point now)
{
    const std::size_t untouched =
        concerns(flow)
            ? std::min(bytes.size(), plan_.after_bytes - std::min(plan_.after_bytes, flow.seen))
            : bytes.size();
    flow.seen += bytes.size();
    const std::string rest = bytes.substr(untouched);
    bytes.resize(untouched);
    enqueue(flow, bytes, now);
    if (rest.empty()) {
        return;
    }
    felt_ = felt_ || plan_.behavior != Behavior::Pass;
    switch (plan_.behavior) {
    case Behavior::Delay:
        enqueue(flow, rest, now + plan_.pause);
        break;
    case Behavior::Duplicate:
        enqueue(flow, rest, now);
        enqueue(flow, rest, now);
        break;
    case Behavior::Pass:
    case Behavior::Throttle:
        enqueue(flow, rest, now);
        break;
    case Behavior::Drop:
    case Behavior::Reset:
    case Behavior::Truncate:
    case Behavior::HalfOpen:
        break;
    }
}

std::size_t Link::allowance(const Flow& flow) const noexcept
{
    if (plan_.behavior != Behavior::Throttle || !concerns(flow)) {
        return kBlockBytes;
    }
    const auto step = static_cast<std::size_t>(kThrottleStep.count());
    return std::max<std::size_t>(1, plan_.bytes_per_second * step / 1000);
}

void Link::send(Flow& flow, Clock::time_point now)
{
    while (!flow.blocks.empty() && flow.blocks.front().due <= now && flow.next_send <= now) {
        std::string& bytes = flow.blocks.front().bytes;
        const std::size_t wanted = std::min(bytes.size(), allowance(flow));
        const ssize_t sent = ::send(sink(flow).get(), bytes.data(), wanted, MSG_NOSIGNAL);
        if (sent < 0) {
            if (!isTemporary(errno)) {
                reset();
            }
            return;
        }
        flow.queued -= static_cast<std::size_t>(sent);
        bytes.erase(0, static_cast<std::size_t>(sent));
        if (bytes.empty()) {
            flow.blocks.pop_front();
        }
        if (plan_.behavior == Behavior::Throttle && concerns(flow)) {
            flow.next_send = now + kThrottleStep;
        }
    }
    if (flow.ended && flow.blocks.empty() && !flow.shut) {
        ::shutdown(sink(flow).get(), SHUT_WR);
        flow.shut = true;
    }
}

void Link::conclude(Clock::time_point now)
{
    for (Flow* flow : {&up_, &down_}) {
        if (!isReached(*flow) || !flow->blocks.empty()) {
            continue;
        }
        if (plan_.behavior == Behavior::Reset) {
            awaits_delivery_ = !isDelivered(sink(*flow));
            if (awaits_delivery_) {
                return;
            }
            felt_ = true;
            reset();
            return;
        }
        if (plan_.behavior == Behavior::Truncate) {
            felt_ = true;
            over_ = true;
            // Closing with unread bytes would be an RST: the end is announced first.
            ::shutdown(client_.get(), SHUT_WR);
            ::shutdown(server_.get(), SHUT_WR);
            return;
        }
        if (plan_.behavior == Behavior::HalfOpen) {
            felt_ = true;
            silent_until_ = now + kSilenceMax;
            return;
        }
    }
    over_ = up_.shut && down_.shut;
}

Clock::time_point Link::due(Clock::time_point now) const
{
    Clock::time_point earliest = awaits_delivery_ ? now + kDeliveryLook : silent_until_;
    for (const Flow* flow : {&up_, &down_}) {
        if (!flow->blocks.empty()) {
            const auto due = std::max(flow->blocks.front().due, flow->next_send);
            earliest = due > now ? std::min(earliest, due) : earliest;
        }
    }
    return earliest;
}

void Link::reset() noexcept
{
    client_.reset();
    server_.reset();
    over_ = true;
}

bool Link::takeFelt() noexcept
{
    return felt_ && !std::exchange(told_, true);
}

} // namespace chaos
