#include "egress/stream_connection.hpp"

#include "base/exception.hpp"
#include "egress/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <poll.h>

namespace hub::egress {

StreamConnection::StreamConnection(const StreamSettings& settings,
                                   const base::Clock& clock,
                                   std::shared_ptr<StreamGauge> gauge)
    : settings_(settings)
    , clock_(clock)
    , gauge_(std::move(gauge))
{}

std::int64_t StreamConnection::dueIn(std::int64_t timeout_ms, std::int64_t usual_ms) const
{
    return clock_.monotonicMs() + (timeout_ms == 0 ? usual_ms : timeout_ms);
}

void StreamConnection::open(StreamOpening opening, StreamDone done)
{
    target_ = std::move(opening.target);
    tls_ = opening.tls;
    if (opening.deadline_ms != 0) {
        deadline_ms_ = clock_.monotonicMs() + (opening.deadline_ms - clock_.nowMs());
    }
    setup_ = Setup{dueIn(opening.timeout_ms, settings_.connect_timeout_ms), std::move(done)};
    phase_ = Phase::Resolving;
    try {
        resolution_.emplace(target_.host, target_.port);
    } catch (const base::Failure& failure) {
        fail(HUB_UNAVAILABLE, failure.message());
        return;
    }
    step();
}

void StreamConnection::stepResolving()
{
    if (!resolution_->hasEnded()) {
        return;
    }
    if (resolution_->addresses().empty()) {
        fail(HUB_UNAVAILABLE, "the name has no address: " + resolution_->reason());
        return;
    }
    connectNext();
}

void StreamConnection::connectNext()
{
    const std::vector<StreamAddress>& addresses = resolution_->addresses();
    while (next_address_ < addresses.size()) {
        const StreamAddress& address = addresses[next_address_++];
        if (!target_.may_be_private &&
            !isPublicAddress(reinterpret_cast<const sockaddr&>(address.address))) {
            connect_reason_ = "the name resolves to an address that is not public";
            continue;
        }
        setup_wants_ = socket_.connect(address);
        if (setup_wants_ == Progress::Done) {
            connected();
            return;
        }
        if (setup_wants_ == Progress::WantWrite) {
            phase_ = Phase::Connecting;
            return;
        }
        connect_reason_ = socket_.reason();
    }
    fail(HUB_UNAVAILABLE, connect_reason_);
}

void StreamConnection::connected()
{
    if (!tls_) {
        settleSetup({HUB_OK, {}, {}});
    } else if (!socket_.beginTls(target_.host, settings_.ca_file)) {
        fail(HUB_UNAVAILABLE, socket_.reason());
    } else {
        phase_ = Phase::Handshake;
        stepHandshake();
    }
}

void StreamConnection::stepHandshake()
{
    setup_wants_ = socket_.handshake();
    if (setup_wants_ == Progress::Done) {
        settleSetup({HUB_OK, {}, {}});
    } else if (setup_wants_ == Progress::Failed) {
        fail(HUB_UNAVAILABLE, socket_.reason());
    }
}

void StreamConnection::settleSetup(StreamAnswer answer)
{
    phase_ = Phase::Open;
    gauge_->open = true;
    resolution_.reset();
    const StreamDone done = std::move(setup_->done);
    setup_.reset();
    done(std::move(answer));
}

/// Bytes that came before TLS could be anybody's: an answer to them must never look like one to
/// what is said under TLS. What arrives later breaks the handshake by itself.
void StreamConnection::secure(std::int64_t timeout_ms, StreamDone done)
{
    if (phase_ != Phase::Open || tls_ || read_ || !writes_.empty()) {
        refuseSecure(done, HUB_BAD_REQUEST, "secure() beside another operation, or twice");
        return;
    }
    if (peer_ended_ || socket_.bytesWait()) {
        refuseSecure(done, HUB_REJECTED, "bytes came before TLS that nobody had asked for");
        return;
    }
    setup_ = Setup{dueIn(timeout_ms, settings_.connect_timeout_ms), std::move(done)};
    tls_ = true;
    connected();
}

void StreamConnection::refuseSecure(const StreamDone& done, hub_status status, const char* reason)
{
    close(reason);
    done({status, {}, reason});
}

void StreamConnection::write(std::string bytes, std::int64_t timeout_ms, StreamDone done)
{
    if (bytes.size() > settings_.bytes_max) {
        done({HUB_BAD_REQUEST, {}, "too many bytes for one write"});
        return;
    }
    if (phase_ != Phase::Open) {
        done({HUB_UNAVAILABLE, {}, "the stream is not open"});
        return;
    }
    const std::int64_t due_ms = dueIn(timeout_ms, settings_.write_timeout_ms);
    writes_.push_back({std::move(bytes), 0, false, due_ms, std::move(done)});
    if (writes_.size() == 1) {
        pumpWrites();
    }
}

void StreamConnection::pumpWrites()
{
    while (phase_ == Phase::Open && !writes_.empty()) {
        Write& front = writes_.front();
        front.begun = true;
        const std::size_t before = front.written;
        write_wants_ =
            socket_.write(std::string_view(front.bytes).substr(front.written), front.written);
        gauge_->bytes_written += static_cast<std::int64_t>(front.written - before);
        if (write_wants_ == Progress::WantRead || write_wants_ == Progress::WantWrite) {
            return;
        }
        if (write_wants_ != Progress::Done) {
            fail(HUB_UNAVAILABLE, socket_.reason());
            return;
        }
        const StreamDone done = std::move(front.done);
        writes_.pop_front();
        done({HUB_OK, {}, {}});
    }
}

void StreamConnection::read(std::size_t bytes_max, std::int64_t timeout_ms, StreamDone done)
{
    if (read_ || bytes_max == 0) {
        done({HUB_BAD_REQUEST, {}, "a second read, or one of nothing"});
        return;
    }
    if (phase_ != Phase::Open) {
        done({HUB_UNAVAILABLE, {}, "the stream is not open"});
        return;
    }
    read_ = Read{std::min(bytes_max, settings_.bytes_max),
                 dueIn(timeout_ms, settings_.read_timeout_ms),
                 std::move(done)};
    pumpRead();
}

void StreamConnection::pumpRead()
{
    if (phase_ != Phase::Open || !read_) {
        return;
    }
    if (peer_ended_) {
        settleRead({HUB_NOT_FOUND, {}, {}});
        return;
    }
    if (!lost_reason_.empty()) {
        fail(HUB_UNAVAILABLE, lost_reason_);
        return;
    }
    StreamAnswer answer{HUB_OK, {}, {}};
    read_wants_ = socket_.read(answer.bytes, read_->bytes_max);
    gauge_->bytes_read += static_cast<std::int64_t>(answer.bytes.size());
    peer_ended_ = read_wants_ == Progress::Ended;
    if (read_wants_ == Progress::Failed) {
        lost_reason_ = socket_.reason();
    }
    if (!answer.bytes.empty()) {
        settleRead(std::move(answer));
    } else if (peer_ended_) {
        settleRead({HUB_NOT_FOUND, {}, {}});
    } else if (!lost_reason_.empty()) {
        fail(HUB_UNAVAILABLE, lost_reason_);
    }
}

void StreamConnection::settleRead(StreamAnswer answer)
{
    const StreamDone done = std::move(read_->done);
    read_.reset();
    done(std::move(answer));
}

void StreamConnection::close(const std::string& reason)
{
    fail(HUB_UNAVAILABLE, reason);
}

/// Ends the stream. What may have left in part is unknown, all else did not happen.
void StreamConnection::fail(hub_status setup_status, const std::string& reason)
{
    if (phase_ == Phase::Closed) {
        return;
    }
    phase_ = Phase::Closed;
    gauge_->open = false;
    gauge_->closed = true;
    socket_.close();
    if (setup_) {
        std::exchange(setup_, std::nullopt)->done({setup_status, {}, reason});
    }
    for (Write& waiting : std::exchange(writes_, {})) {
        const bool unknown = waiting.begun;
        waiting.done({unknown ? HUB_OUTCOME_UNKNOWN : HUB_UNAVAILABLE, {}, reason});
    }
    if (read_) {
        settleRead({HUB_UNAVAILABLE, {}, reason});
    }
}

int StreamConnection::descriptor() const
{
    if (phase_ == Phase::Resolving) {
        return resolution_->descriptor();
    }
    // A socket of which nothing is wanted would report its end again and again.
    return events() == 0 ? -1 : socket_.descriptor();
}

short StreamConnection::events() const
{
    const auto toEvents = [](Progress wants) {
        return static_cast<short>(wants == Progress::WantWrite ? POLLOUT : POLLIN);
    };
    switch (phase_) {
    case Phase::Resolving:
        return POLLIN;
    case Phase::Connecting:
    case Phase::Handshake:
        return toEvents(setup_wants_);
    case Phase::Open: {
        const int write = writes_.empty() ? 0 : toEvents(write_wants_);
        const int read = read_ ? toEvents(read_wants_) : 0;
        return static_cast<short>(write | read);
    }
    default:
        return 0;
    }
}

std::int64_t StreamConnection::dueMs() const
{
    std::int64_t due_ms = deadline_ms_;
    if (setup_) {
        due_ms = std::min(due_ms, setup_->due_ms);
    }
    if (read_) {
        due_ms = std::min(due_ms, read_->due_ms);
    }
    for (const Write& waiting : writes_) {
        due_ms = std::min(due_ms, waiting.due_ms);
    }
    return isClosed() ? kNever : due_ms;
}

void StreamConnection::step()
{
    switch (phase_) {
    case Phase::Resolving:
        stepResolving();
        break;
    case Phase::Connecting:
        setup_wants_ = socket_.finishConnect();
        if (setup_wants_ == Progress::Done) {
            connected();
        } else if (setup_wants_ == Progress::Failed) {
            connect_reason_ = socket_.reason();
            connectNext();
        }
        break;
    case Phase::Handshake:
        stepHandshake();
        break;
    case Phase::Open:
        pumpWrites();
        pumpRead();
        break;
    default:
        break;
    }
}

void StreamConnection::expire()
{
    const std::int64_t now_ms = clock_.monotonicMs();
    if (now_ms >= deadline_ms_) {
        close("the time of the call that opened it is up");
        return;
    }
    const bool late_write = std::any_of(writes_.begin(), writes_.end(), [&](const Write& waiting) {
        return now_ms >= waiting.due_ms;
    });
    if (setup_ && now_ms >= setup_->due_ms) {
        fail(HUB_UNAVAILABLE,
             phase_ == Phase::Handshake ? "TLS took too long" : "connecting took too long");
    } else if (late_write) {
        fail(HUB_UNAVAILABLE, "the peer takes nothing");
    } else if (read_ && now_ms >= read_->due_ms) {
        settleRead({HUB_THROTTLED, {}, {}});
    }
}

} // namespace hub::egress
