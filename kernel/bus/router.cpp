#include "bus/router.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "bus/convert.hpp"
#include "bus/router_loop.hpp"
#include "bus/transport.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace hub::bus {

namespace {

constexpr std::string_view kScheme = "ipc://";
constexpr std::size_t kTokenBytes = 32;

/// The folder is the lock on the door: the socket itself has no password but the tokens.
void checkFolder(const std::string& endpoint)
{
    if (!endpoint.starts_with(kScheme)) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "the router's endpoint is \"{}\", must be ipc:// with a path",
                            endpoint);
    }
    const auto folder = std::filesystem::path(endpoint.substr(kScheme.size())).parent_path();
    struct stat status = {};
    if (::stat(folder.c_str(), &status) != 0) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "{}: the router's folder: {}; make it with mode 0700",
                            folder.string(),
                            std::strerror(errno));
    }
    if (!S_ISDIR(status.st_mode) || (status.st_mode & 07777U) != 0700U ||
        status.st_uid != ::geteuid()) {
        throw base::Failure(
            HUB_UNAVAILABLE,
            "{}: the router's folder has mode {:04o} and owner {}, must be a folder "
            "with mode 0700 of the hub's own user {}",
            folder.string(),
            status.st_mode & 07777U,
            status.st_uid,
            ::geteuid());
    }
}

/// inproc names are per context, and stay taken for a while after their socket was closed.
std::string channelName(std::string_view what)
{
    static std::atomic<std::uint64_t> last{0};
    return fmt::format("inproc://router-{}-{}", what, ++last);
}

} // namespace

class Router::Impl {
public:
    Impl(zmq::context_t& context, RouterSettings given, RouterListener& listener)
        : settings((checkFolder(given.endpoint), std::move(given)))
        , orders(context, channelName("orders"), 0)
        , parcels(context, channelName("parcels"), 0)
        , socket(std::make_unique<SocketTransport>(context, settings.endpoint))
        , loop(*socket, system_clock, settings, listener, orders, parcels, presence, counters)
    {}

    Impl(zmq::context_t& context,
         RouterSettings given,
         RouterListener& listener,
         Transport& transport,
         const base::Clock& clock)
        : settings(std::move(given))
        , orders(context, channelName("orders"), 0)
        , parcels(context, channelName("parcels"), 0)
        , loop(transport, clock, settings, listener, orders, parcels, presence, counters)
    {}

    /// Orders are few and must not get lost: their channel has no bound.
    void give(Order order)
    {
        auto item = std::make_unique<Order>(std::move(order));
        if (!orders.send(item)) {
            throw base::Failure(HUB_INTERNAL, "the router's channel for orders refused one");
        }
    }

    bool deliver(const HostId& host, const hubp::Frame& frame)
    {
        Result<hubp::Message> message = hubp::encode(frame);
        if (!message.ok()) {
            throw base::Failure(
                HUB_BAD_REQUEST, "library \"{}\": {}", host.library, message.error().message);
        }
        if (++counters.parcels_waiting > settings.queue_max) {
            --counters.parcels_waiting;
            return false;
        }
        const std::lock_guard lock(outgoing);
        held.push_back({host, std::move(message).value()});
        if (holds == 0) {
            handOver();
        }
        return true;
    }

    /// Under the lock, so that nobody's later parcel overtakes an earlier one.
    void handOver()
    {
        if (!held.empty()) {
            auto parcels_now = std::make_unique<Parcels>(std::exchange(held, {}));
            if (!parcels.send(parcels_now)) {
                throw base::Failure(HUB_INTERNAL, "the router's channel for parcels refused some");
            }
        }
    }

    void hold()
    {
        const std::lock_guard lock(outgoing);
        ++holds;
    }

    void release()
    {
        const std::lock_guard lock(outgoing);
        if (--holds == 0) {
            handOver();
        }
    }

    bool isReady(const HostId& host) const { return presence.of(host) == Presence::Ready; }
    bool isThere(const HostId& host) const { return presence.of(host).has_value(); }

    const RouterSettings settings;
    PresenceTable presence;
    AtomicCounters counters;
    base::Channel<Order> orders;
    base::Channel<Parcels> parcels; // without a bound of its own: parcels_waiting is it
    std::mutex outgoing;
    Parcels held;
    int holds = 0;
    base::SystemClock system_clock;
    std::unique_ptr<Transport> socket; // none with connections of the caller's
    RouterLoop loop;
    std::mutex starting;
    std::thread thread;
};

Router::Router(zmq::context_t& context, RouterSettings settings, RouterListener& listener)
    : impl_(std::make_unique<Impl>(context, std::move(settings), listener))
{}

Router::Router(zmq::context_t& context,
               RouterSettings settings,
               RouterListener& listener,
               Transport& transport,
               const base::Clock& clock)
    : impl_(std::make_unique<Impl>(context, std::move(settings), listener, transport, clock))
{}

Router::~Router()
{
    stop();
}

void Router::start()
{
    const std::lock_guard lock(impl_->starting);
    if (!impl_->thread.joinable()) {
        impl_->thread = std::thread([this] { impl_->loop.run(); });
    }
}

void Router::turn()
{
    impl_->loop.turn();
}

void Router::stop()
{
    const std::lock_guard lock(impl_->starting);
    if (impl_->thread.joinable()) {
        impl_->give(EndOrder{});
        impl_->thread.join();
    }
}

const std::string& Router::endpoint() const noexcept
{
    return impl_->settings.endpoint;
}

std::string Router::admit(const HostId& host, Welcome welcome)
{
    Peer peer;
    peer.host = host;
    peer.welcome = std::move(welcome);
    peer.token = base::toHex(base::randomBytes(kTokenBytes));
    std::string token = peer.token;
    impl_->give(AdmitOrder{std::move(peer)});
    return token;
}

void Router::dismiss(const HostId& host, std::int64_t deadline_unix_ms)
{
    impl_->presence.change(host, Presence::Stopping);
    impl_->give(DismissOrder{host, deadline_unix_ms});
}

void Router::expel(const HostId& host, const std::string& reason)
{
    impl_->give(ExpelOrder{host, reason});
}

void Router::hold()
{
    impl_->hold();
}

void Router::release()
{
    impl_->release();
}

bool Router::send(const HostId& host, journal::CallDelivery call)
{
    return impl_->isReady(host) && impl_->deliver(host, toCall(call));
}

bool Router::send(const HostId& host, journal::EventDelivery event)
{
    return impl_->isReady(host) && impl_->deliver(host, toEvent(event));
}

bool Router::sendCallback(const HostId& host, journal::CallDelivery call)
{
    return impl_->isReady(host) && impl_->deliver(host, toCallback(call));
}

bool Router::sendAside(const HostId& host, journal::CallDelivery call)
{
    return impl_->isReady(host) && impl_->deliver(host, toAside(call));
}

bool Router::sendSession(const HostId& host, journal::CallDelivery session)
{
    return impl_->isReady(host) && impl_->deliver(host, toSession(session));
}

bool Router::send(const HostId& host, std::uint64_t token, journal::Published published)
{
    return impl_->isThere(host) &&
           impl_->deliver(host, hubp::Published{token, published.status, published.seq});
}

bool Router::send(const HostId& host, ServedFrame served)
{
    return impl_->isThere(host) &&
           impl_->deliver(host,
                          hubp::Served{served.service_id, served.status, std::move(served.result)});
}

RouterCounters Router::counters() const
{
    const AtomicCounters& now = impl_->counters;
    return {now.received,
            now.sent,
            now.undeliverable,
            now.malformed,
            now.strangers,
            now.hellos_refused,
            now.hosts_welcomed,
            now.hosts_lost};
}

} // namespace hub::bus
