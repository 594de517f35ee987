#include "egress/streams.hpp"

#include "base/exception.hpp"
#include "egress/stream_connection.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::egress {

namespace {

constexpr std::int64_t kWaitMsMax = 60000;

} // namespace

class Streams::Impl {
public:
    Impl(StreamSettings settings, const base::Clock& clock)
        : settings_(std::move(settings))
        , clock_(clock)
        , wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        if (wake_ == -1) {
            throw base::Failure(HUB_UNAVAILABLE, "no event for the streams' thread");
        }
        // OpenSSL writes to sockets whose peer may be gone.
        std::signal(SIGPIPE, SIG_IGN);
        thread_ = std::thread([this] { run(); });
    }

    ~Impl()
    {
        post([this] { ending_ = true; });
        thread_.join();
        ::close(wake_);
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::shared_ptr<const StreamGauge> open(StreamOpening opening, StreamDone done)
    {
        auto gauge = std::make_shared<StreamGauge>();
        gauge->id = ++last_id_;
        gauge->origin = opening.target.origin;
        post([this, gauge, opening = std::move(opening), done = std::move(done)]() mutable {
            auto connection = std::make_unique<StreamConnection>(settings_, clock_, gauge);
            StreamConnection& made = *connection;
            connections_.emplace(gauge->id, std::move(connection));
            made.open(std::move(opening), std::move(done));
        });
        return gauge;
    }

    /// `use` gets the connection, or null when it is not there.
    template <typename Use>
    void with(std::uint64_t id, Use use)
    {
        post([this, id, use = std::move(use)]() mutable {
            const auto found = connections_.find(id);
            use(found == connections_.end() ? nullptr : found->second.get());
        });
    }

private:
    void post(std::function<void()> order)
    {
        {
            const std::lock_guard lock(mutex_);
            orders_.push_back(std::move(order));
        }
        ::eventfd_write(wake_, 1);
    }

    void takeOrders()
    {
        std::vector<std::function<void()>> orders;
        {
            const std::lock_guard lock(mutex_);
            orders.swap(orders_);
        }
        for (const auto& order : orders) {
            order();
        }
    }

    void run()
    {
        pthread_setname_np(pthread_self(), "streams");
        while (!ending_) {
            wait();
            takeOrders();
            std::erase_if(connections_, [](const auto& entry) { return entry.second->isClosed(); });
        }
        for (auto& [id, connection] : connections_) {
            connection->close("the hub is stopping");
        }
        connections_.clear();
    }

    void wait()
    {
        std::vector<pollfd> items = {{wake_, POLLIN, 0}};
        std::vector<StreamConnection*> owners;
        std::int64_t due_ms = clock_.monotonicMs() + kWaitMsMax;
        for (auto& [id, connection] : connections_) {
            items.push_back({connection->descriptor(), connection->events(), 0});
            owners.push_back(connection.get());
            due_ms = std::min(due_ms, connection->dueMs());
        }
        const std::int64_t wait_ms =
            std::clamp<std::int64_t>(due_ms - clock_.monotonicMs(), 0, kWaitMsMax);
        ::poll(items.data(), items.size(), static_cast<int>(wait_ms));
        eventfd_t ignored = 0;
        ::eventfd_read(wake_, &ignored);
        const std::int64_t now_ms = clock_.monotonicMs();
        for (std::size_t i = 0; i < owners.size(); ++i) {
            if (items[i + 1].revents != 0) {
                owners[i]->step();
            }
            if (now_ms >= owners[i]->dueMs()) {
                owners[i]->expire();
            }
        }
    }

    const StreamSettings settings_;
    const base::Clock& clock_;
    int wake_;
    std::atomic<std::uint64_t> last_id_{0};
    std::mutex mutex_;
    std::vector<std::function<void()>> orders_;
    // The thread's own.
    std::map<std::uint64_t, std::unique_ptr<StreamConnection>> connections_;
    bool ending_ = false;
    std::thread thread_;
};

namespace {

StreamAnswer gone()
{
    return {HUB_UNAVAILABLE, {}, "the stream was closed"};
}

} // namespace

Streams::Streams(StreamSettings settings, const base::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), clock))
{}

Streams::~Streams() = default;

std::shared_ptr<const StreamGauge> Streams::open(StreamOpening opening, StreamDone done)
{
    return impl_->open(std::move(opening), std::move(done));
}

void Streams::secure(std::uint64_t stream, std::int64_t timeout_ms, StreamDone done)
{
    impl_->with(stream, [timeout_ms, done = std::move(done)](StreamConnection* connection) {
        connection != nullptr ? connection->secure(timeout_ms, done) : done(gone());
    });
}

void Streams::write(std::uint64_t stream,
                    std::string bytes,
                    std::int64_t timeout_ms,
                    StreamDone done)
{
    impl_->with(stream,
                [bytes = std::move(bytes), timeout_ms, done = std::move(done)](
                    StreamConnection* connection) mutable {
                    connection != nullptr ? connection->write(std::move(bytes), timeout_ms, done)
                                          : done(gone());
                });
}

void Streams::read(std::uint64_t stream,
                   std::size_t bytes_max,
                   std::int64_t timeout_ms,
                   StreamDone done)
{
    impl_->with(
        stream, [bytes_max, timeout_ms, done = std::move(done)](StreamConnection* connection) {
            connection != nullptr ? connection->read(bytes_max, timeout_ms, done) : done(gone());
        });
}

void Streams::close(std::uint64_t stream)
{
    impl_->with(stream, [](StreamConnection* connection) {
        if (connection != nullptr) {
            connection->close("it was closed");
        }
    });
}

} // namespace hub::egress
