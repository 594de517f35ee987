#include "app/stream_desk.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "hubp/services.hpp"
#include "journal/settlement.hpp"
#include "observe/log.hpp"

#include <hub/ext/stream.h>

#include <algorithm>

namespace hub::app {

namespace {

const observe::Log kLog("streams");

constexpr const char* kMethod = "STREAM";
constexpr const char* kNotRecorded = "(stream: not recorded)";

/// How the row of a marked call ends.
std::string endedBy(hub_status status)
{
    const std::uint32_t outcome = journal::outcomeOf(status);
    const bool known = outcome == HUB_OUTCOME_SUCCEEDED || outcome == HUB_OUTCOME_REJECTED ||
                       outcome == HUB_OUTCOME_PENDING;
    return known ? "answered" : "unknown: the connector had no answer";
}

bool maySend(const LiveCall& live)
{
    return !live.inbound && !live.carried;
}

} // namespace

StreamDesk::StreamDesk(StreamParts parts)
    : parts_(std::move(parts))
    , streams_(parts_.settings, parts_.clock)
{}

StreamDesk::~StreamDesk() = default;

void StreamDesk::serve(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    const plugin::Package* package = parts_.hosts.packageOf(host);
    if (package == nullptr || !package->manifest.wants(HUB_EXT_STREAM_1)) {
        answer(host, frame.service_id, HUB_UNAUTHENTICATED);
    } else if (frame.operation == "open") {
        open(host, frame);
    } else if (frame.operation == "secure") {
        secure(host, frame);
    } else if (frame.operation == "begin") {
        begin(host, frame);
    } else if (frame.operation == "write") {
        write(host, frame);
    } else if (frame.operation == "read") {
        read(host, frame);
    } else if (frame.operation == "close") {
        close(host, frame);
    } else {
        answer(host, frame.service_id, HUB_UNSUPPORTED);
    }
}

void StreamDesk::answer(const bus::HostId& host,
                        std::uint64_t service_id,
                        hub_status status,
                        std::string result)
{
    try {
        parts_.router.send(host, bus::ServedFrame{service_id, status, std::move(result)});
    } catch (const base::Failure& failure) {
        kLog.withLibrary(host.library).error("{}", failure.message());
    }
}

egress::StreamDone StreamDesk::answering(const bus::HostId& host, std::uint64_t service_id)
{
    return [this, host, service_id](egress::StreamAnswer ended) {
        if (!ended.reason.empty()) {
            kLog.withLibrary(host.library).info("{}", ended.reason);
        }
        std::string result;
        if (!ended.bytes.empty()) {
            // Cut to the limit of a payload, it fits.
            result = hubp::encodeService(hubp::Bytes{std::move(ended.bytes)}).value();
        }
        answer(host, service_id, ended.status, std::move(result));
    };
}

void StreamDesk::open(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    const auto live = parts_.live.find(host, frame.call_id, parts_.clock.nowMs());
    const auto wanted = hubp::decodeService<hubp::StreamOpen>(frame.arguments);
    const std::uint32_t security = wanted.ok() ? wanted.value().security : 0;
    if (security != HUB_STREAM_PLAIN && security != HUB_STREAM_TLS) {
        answer(host, frame.service_id, HUB_BAD_REQUEST);
        return;
    }
    if (!live || !maySend(*live)) {
        // Of a delivery that has ended nothing was sent.
        answer(host, frame.service_id, live ? HUB_REJECTED : HUB_UNAVAILABLE);
        return;
    }
    const plugin::Package* package = parts_.hosts.packageOf(host);
    if (package == nullptr) {
        return; // nobody waits for the answer any more
    }
    const plugin::StreamWishes& wishes = package->manifest.stream;
    const config::Account* account = package->findAccount(live->ticket.account);
    egress::StreamAllowList allow;
    allow.hosts = wishes.hosts;
    allow.exact_may_be_private = parts_.demo;
    allow.plain = wishes.allows("plain");
    allow.tls = wishes.allows("tls");
    if (account != nullptr) {
        allow.exact = account->stream_exact;
    }
    const bool tls = security == HUB_STREAM_TLS;
    auto target = egress::checkStream(allow, wanted.value().address, tls);
    if (!target.ok()) {
        kLog.withLibrary(host.library).warning("{}", target.error().message);
        answer(host, frame.service_id, HUB_REJECTED);
    } else if (!mayOpenMore(host.library)) {
        kLog.withLibrary(host.library)
            .warning("{} streams are open, the limit (egress.streams_per_library_max)",
                     parts_.streams_per_library_max);
        answer(host, frame.service_id, HUB_THROTTLED);
    } else {
        connect(
            *live,
            frame.service_id,
            {std::move(target).value(), tls, wanted.value().timeout_ms, live->ticket.deadline_ms});
    }
}

bool StreamDesk::mayOpenMore(const std::string& library)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(open_, [](const auto& entry) { return entry.second.gauge->closed.load(); });
    const auto count = std::count_if(open_.begin(), open_.end(), [&](const auto& entry) {
        return entry.second.host.library == library;
    });
    return static_cast<std::size_t>(count) < parts_.streams_per_library_max;
}

void StreamDesk::connect(const LiveCall& live,
                         std::uint64_t service_id,
                         egress::StreamOpening opening)
{
    const bus::HostId host = live.host;
    const std::string origin = opening.target.origin;
    const bool tls = opening.tls;
    auto id = std::make_shared<std::uint64_t>(0);
    std::unique_lock lock(mutex_);
    const auto opened = [this, host, service_id, origin, id](const egress::StreamAnswer& ended) {
        std::uint64_t stream = 0;
        {
            const std::lock_guard entered(mutex_); // after connect() has entered it
            stream = *id;
        }
        if (ended.status != HUB_OK) {
            kLog.withLibrary(host.library).warning("no stream to {}: {}", origin, ended.reason);
            answer(host, service_id, ended.status);
            return;
        }
        answer(host, service_id, HUB_OK, hubp::encodeService(hubp::StreamName{stream}).value());
    };
    const Gauge gauge = streams_.open(std::move(opening), opened);
    *id = gauge->id;
    open_[gauge->id] = {host, live.ticket.call_id, live.ticket.account, gauge, tls};
    lock.unlock();
    // It may have been answered since it was looked up: then nobody else ends the stream.
    if (!parts_.live.find(host, live.ticket.call_id, parts_.clock.nowMs())) {
        closeAll([&](const OpenStream& stream) { return stream.gauge == gauge; });
    }
}

std::unique_ptr<StreamDesk::OpenStream> StreamDesk::find(const bus::HostId& host,
                                                         std::uint64_t stream) const
{
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(stream);
    const bool own = found != open_.end() && found->second.host == host;
    return own ? std::make_unique<OpenStream>(found->second) : nullptr;
}

void StreamDesk::begin(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    const auto wanted = hubp::decodeService<hubp::StreamName>(frame.arguments);
    if (!wanted.ok()) {
        answer(host, frame.service_id, HUB_BAD_REQUEST);
        return;
    }
    const auto live = parts_.live.find(host, frame.call_id, parts_.clock.nowMs());
    const auto stream = find(host, wanted.value().stream);
    if (!live || stream == nullptr || !stream->gauge->open) {
        answer(host, frame.service_id, HUB_UNAVAILABLE);
        return;
    }
    if (!maySend(*live) || live->session || stream->account != live->ticket.account) {
        kLog.withLibrary(host.library)
            .warning("call {} of account \"{}\" may not be sent on a stream of account \"{}\"",
                     frame.call_id,
                     live->ticket.account,
                     stream->account);
        answer(host, frame.service_id, HUB_REJECTED);
        return;
    }
    parts_.live.noteUnproven(host, frame.call_id); // what the peer answers is not the hub's to read
    Mark mark{host, {}, stream->gauge, stream->gauge->bytes_written, stream->gauge->bytes_read};
    mark.record.started_ms = parts_.clock.nowMs();
    mark.record.id = base::makeUuidV7(mark.record.started_ms);
    mark.record.ticket = live->ticket;
    mark.record.method = kMethod;
    mark.record.host = stream->gauge->origin;
    mark.record.request = kNotRecorded;
    mark.record.bytes_left = true; // from the mark on they may have
    const CallKey key{host, frame.call_id};
    if (live->ticket.safe) {
        marked(key, std::move(mark), true, frame.service_id);
        return;
    }
    const egress::Record record = mark.record;
    parts_.exchanges.markSendingLater(
        record, [this, key, mark = std::move(mark), id = frame.service_id](bool granted) mutable {
            marked(key, std::move(mark), granted, id);
        });
}

/// On the lane's thread, after the commit.
void StreamDesk::marked(const CallKey& key, Mark mark, bool granted, std::uint64_t service_id)
{
    if (granted) {
        {
            const std::lock_guard lock(mutex_);
            marks_.try_emplace(key, mark);
        }
        // An answer that overtook the mark ends it.
        if (!parts_.live.find(key.first, key.second, parts_.clock.nowMs())) {
            deliveryEnded(key.first, key.second, HUB_OUTCOME_UNKNOWN);
        }
    }
    answer(key.first, service_id, granted ? HUB_OK : HUB_UNAVAILABLE);
}

bool StreamDesk::mayUseTls(const bus::HostId& host) const
{
    const plugin::Package* package = parts_.hosts.packageOf(host);
    return package != nullptr && package->manifest.stream.allows("tls");
}

void StreamDesk::secure(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    const auto wanted = hubp::decodeService<hubp::StreamSecure>(frame.arguments);
    const auto stream = wanted.ok() ? find(host, wanted.value().stream) : nullptr;
    if (stream == nullptr) {
        answer(host, frame.service_id, wanted.ok() ? HUB_UNAVAILABLE : HUB_BAD_REQUEST);
    } else if (!mayUseTls(host)) {
        streams_.close(stream->gauge->id);
        answer(host, frame.service_id, HUB_REJECTED);
    } else {
        streams_.secure(
            stream->gauge->id, wanted.value().timeout_ms, answering(host, frame.service_id));
    }
}

void StreamDesk::write(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    auto wanted = hubp::decodeService<hubp::StreamWrite>(frame.arguments);
    const auto stream = wanted.ok() ? find(host, wanted.value().stream) : nullptr;
    if (stream == nullptr) {
        answer(host, frame.service_id, wanted.ok() ? HUB_UNAVAILABLE : HUB_BAD_REQUEST);
        return;
    }
    streams_.write(stream->gauge->id,
                   std::move(wanted.value().bytes),
                   wanted.value().timeout_ms,
                   answering(host, frame.service_id));
}

void StreamDesk::read(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    const auto wanted = hubp::decodeService<hubp::StreamRead>(frame.arguments);
    const auto stream = wanted.ok() ? find(host, wanted.value().stream) : nullptr;
    if (stream == nullptr) {
        answer(host, frame.service_id, wanted.ok() ? HUB_UNAVAILABLE : HUB_BAD_REQUEST);
        return;
    }
    streams_.read(stream->gauge->id,
                  wanted.value().bytes_max,
                  wanted.value().timeout_ms,
                  answering(host, frame.service_id));
}

void StreamDesk::close(const bus::HostId& host, const bus::ServiceFrame& frame)
{
    const auto wanted = hubp::decodeService<hubp::StreamName>(frame.arguments);
    if (wanted.ok()) {
        closeAll([&](const OpenStream& stream) {
            return stream.host == host && stream.gauge->id == wanted.value().stream;
        });
    }
    answer(host, frame.service_id, wanted.ok() ? HUB_OK : HUB_BAD_REQUEST);
}

template <typename Fits>
void StreamDesk::closeAll(Fits fits)
{
    std::vector<std::uint64_t> closing;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, stream] : open_) {
            if (fits(stream)) {
                closing.push_back(id);
            }
        }
        for (const std::uint64_t id : closing) {
            open_.erase(id);
        }
    }
    for (const std::uint64_t id : closing) {
        streams_.close(id);
    }
}

void StreamDesk::deliveryEnded(const bus::HostId& host, hub_call_id call, hub_status status)
{
    closeAll([&](const OpenStream& stream) { return stream.host == host && stream.call == call; });
    decltype(marks_)::node_type ended;
    {
        const std::lock_guard lock(mutex_);
        ended = marks_.extract(CallKey{host, call});
    }
    if (!ended.empty()) {
        complete(std::move(ended.mapped()), endedBy(status));
    }
}

void StreamDesk::hostLost(const bus::HostId& host)
{
    closeAll([&](const OpenStream& stream) { return stream.host == host; });
    std::vector<Mark> ended;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(marks_, [&](auto& entry) {
            const bool own = entry.first.first == host;
            if (own) {
                ended.push_back(std::move(entry.second));
            }
            return own;
        });
    }
    for (Mark& mark : ended) {
        complete(std::move(mark), "unknown: the connector's process ended");
    }
}

void StreamDesk::complete(Mark mark, const std::string& ended)
{
    mark.record.request_bytes = mark.gauge->bytes_written - mark.written_before;
    mark.record.response_bytes = mark.gauge->bytes_read - mark.read_before;
    mark.record.response = kNotRecorded;
    mark.record.ended = ended;
    mark.record.ended_ms = parts_.clock.nowMs();
    parts_.exchanges.recordExchange(mark.record);
}

} // namespace hub::app
