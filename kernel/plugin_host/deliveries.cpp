#include "plugin_host/deliveries.hpp"

#include "base/assert.hpp"
#include "hubp/text.hpp"

#include <hub/event.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <utility>

#include <pthread.h>

namespace hub::plugin_host {

namespace {

thread_local const hubp::Envelope* current_envelope = nullptr;

hub_event toEvent(const hubp::Envelope& envelope, const std::string& payload)
{
    hub_event event = {};
    event.struct_size = sizeof event;
    event.kind = envelope.kind;
    event.source = envelope.source;
    event.flags = envelope.flags;
    event.call_id = envelope.call_id;
    event.seq = envelope.seq;
    event.partition = envelope.partition;
    event.schema_version = envelope.schema_version;
    event.attempt = envelope.attempt;
    event.outcome = envelope.outcome;
    event.subject = envelope.subject;
    event.id = toText(envelope.id);
    event.type = toText(envelope.type);
    event.operation = toText(envelope.operation);
    event.key = toText(envelope.key);
    event.edition = toText(envelope.edition);
    event.account = toText(envelope.account);
    event.idempotency_key = toText(envelope.idempotency_key);
    event.correlation_id = toText(envelope.correlation_id);
    event.trace = toText(envelope.trace);
    event.principal = toText(envelope.principal);
    event.message = toText(envelope.message);
    event.time_unix_ms = envelope.time_unix_ms;
    event.deadline_unix_ms = envelope.deadline_unix_ms;
    event.payload = toBytes(payload);
    return event;
}

/// What the library meant, in a form that the wire carries. An answer that can't be read may
/// stand for anything: unknown.
struct Answered {
    hub_status status;
    std::uint32_t retry_after_ms;
    std::string message;
    std::string payload;
};

Answered readAnswer(const hub_result& result)
{
    const std::string_view payload = view(result.payload);
    if (result.struct_size < sizeof(hub_result)) {
        return {HUB_OUTCOME_UNKNOWN, 0, "the library answered with a cut hub_result", {}};
    }
    if (result.status == HUB_STATUS_INVALID_ZERO) {
        return {HUB_OUTCOME_UNKNOWN, 0, "the library answered without a status", {}};
    }
    if (payload.size() > hubp::kPayloadBytesMax) {
        return {HUB_OUTCOME_UNKNOWN,
                0,
                fmt::format("the library answered with {} bytes, at most {} are allowed",
                            payload.size(),
                            hubp::kPayloadBytesMax),
                {}};
    }
    const std::string_view message = hubp::shortened(view(result.message), HUB_MESSAGE_BYTES_MAX);
    return {result.status,
            result.retry_after_ms,
            std::string(hubp::isWellFormed(message) ? message : "(a text that is no UTF-8)"),
            std::string(payload)};
}

bool settles(hub_status status) noexcept
{
    return status == HUB_OK || status == HUB_ALREADY_DONE;
}

} // namespace

Deliveries::Deliveries(Wire& wire)
    : wire_(wire)
{}

Deliveries::~Deliveries()
{
    joinAll();
}

void Deliveries::joinAll()
{
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
    for (SessionThread& session : sessions_) {
        session.thread.join();
    }
    sessions_.clear();
}

const hubp::Envelope* Deliveries::current() noexcept
{
    return current_envelope;
}

void Deliveries::start(unsigned threads, std::function<void(const hub_event&)> handle)
{
    handle_ = std::move(handle);
    for (unsigned i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

void Deliveries::take(hubp::Call&& call)
{
    auto delivery = std::make_shared<Delivery>();
    *delivery = {
        Kind::Call, std::move(call.envelope), call.delivery, false, std::move(call.payload)};
    admit(std::move(delivery));
}

void Deliveries::take(hubp::Callback&& callback)
{
    auto delivery = std::make_shared<Delivery>();
    *delivery = {Kind::Callback,
                 std::move(callback.envelope),
                 callback.delivery,
                 false,
                 std::move(callback.payload)};
    admit(std::move(delivery));
}

void Deliveries::take(hubp::Event&& event)
{
    auto delivery = std::make_shared<Delivery>();
    *delivery = {Kind::Event,
                 std::move(event.envelope),
                 event.delivery,
                 event.resume,
                 std::move(event.payload)};
    admit(std::move(delivery));
}

void Deliveries::take(hubp::Session&& session)
{
    auto delivery = std::make_shared<Delivery>();
    *delivery = {Kind::Session,
                 std::move(session.envelope),
                 session.delivery,
                 false,
                 std::move(session.payload)};
    admit(std::move(delivery));
}

void Deliveries::admit(DeliveryPtr delivery)
{
    const std::lock_guard lock(mutex_);
    if (closed_) {
        answerNotTried(*delivery, HUB_UNAVAILABLE, "the library is stopping");
    } else if (live_.count(delivery->envelope.call_id) != 0) {
        answerNotTried(*delivery, HUB_THROTTLED, "an earlier delivery of it is still running");
    } else if (delivery->kind == Kind::Event) {
        admitEvent(delivery);
    } else if (delivery->kind == Kind::Session) {
        beginSession(delivery);
    } else {
        live_.emplace(delivery->envelope.call_id, delivery);
        (delivery->kind == Kind::Callback ? urgent_ : ready_).push_back(std::move(delivery));
        work_.notify_one();
    }
}

void Deliveries::admitEvent(const DeliveryPtr& delivery)
{
    Key& key = keys_[delivery->envelope.key];
    if (key.blocked && !delivery->resume) {
        answerNotTried(*delivery, HUB_THROTTLED, hubp::kBlocked);
        return;
    }
    key.blocked = false;
    if (key.running) {
        key.waiting.push_back(delivery);
    } else {
        key.running = true;
        beginEvent(delivery);
    }
}

void Deliveries::beginEvent(const DeliveryPtr& delivery)
{
    live_.emplace(delivery->envelope.call_id, delivery);
    ready_.push_back(delivery);
    work_.notify_one();
}

void Deliveries::beginSession(const DeliveryPtr& delivery)
{
    for (auto next = sessions_.begin(); next != sessions_.end();) {
        if (next->ended) {
            next->thread.join();
            next = sessions_.erase(next);
        } else {
            ++next;
        }
    }
    SessionThread& session = sessions_.emplace_back();
    try {
        session.thread = std::thread([this, delivery, &session] {
            pthread_setname_np(pthread_self(), "session");
            run(*delivery);
            const std::lock_guard lock(mutex_);
            session.ended = true;
            --inside_;
            idle_.notify_all();
        });
    } catch (const std::system_error&) {
        sessions_.pop_back();
        answerNotTried(*delivery, HUB_UNAVAILABLE, "no thread can be started for the session");
        return;
    }
    // It can't have left handle() yet: it needs the lock for that.
    live_.emplace(delivery->envelope.call_id, delivery);
    ++inside_;
}

/// The running event of `key` ended: the next one begins, or all that wait are blocked.
void Deliveries::settle(const std::string& name, bool succeeded)
{
    const auto found = keys_.find(name);
    HUB_ASSERT(found != keys_.end() && found->second.running, "the event's key is running");
    Key& key = found->second;
    key.running = false;
    if (!succeeded) {
        key.blocked = true;
        for (const DeliveryPtr& waiting : key.waiting) {
            answerNotTried(*waiting, HUB_THROTTLED, hubp::kBlocked);
        }
        key.waiting.clear();
    } else if (!key.waiting.empty()) {
        const DeliveryPtr next = std::move(key.waiting.front());
        key.waiting.pop_front();
        key.running = true;
        beginEvent(next);
    } else {
        keys_.erase(found);
    }
}

void Deliveries::complete(hub_call_id id, const hub_result& result)
{
    const std::lock_guard lock(mutex_);
    const auto found = live_.find(id);
    if (found == live_.end()) {
        ++ignored_answers_;
        return;
    }
    const DeliveryPtr delivery = found->second;
    live_.erase(found);
    answer(*delivery, result);
    idle_.notify_all();
}

void Deliveries::answer(const Delivery& delivery, const hub_result& result)
{
    Answered answered = readAnswer(result);
    if (delivery.kind == Kind::Event) {
        const hubp::Ack ack{delivery.envelope.seq,
                            answered.status,
                            answered.retry_after_ms,
                            answered.message,
                            delivery.number};
        HUB_ASSERT(wire_.sendAnswer(ack).ok(), "an acknowledgement fits the wire");
        settle(delivery.envelope.key, settles(answered.status));
        return;
    }
    const hubp::Outcome outcome{delivery.envelope.call_id,
                                delivery.number,
                                answered.status,
                                answered.retry_after_ms,
                                std::move(answered.message),
                                std::move(answered.payload)};
    const Result<void> sent =
        delivery.kind == Kind::Call ? wire_.sendAnswer(outcome) : wire_.send(outcome);
    HUB_ASSERT(sent.ok(), "an outcome fits the wire");
}

/// Events that were not tried are "blocked" whatever the reason, so that it is no failed try.
void Deliveries::answerNotTried(const Delivery& delivery, hub_status status, std::string_view why)
{
    Result<void> sent;
    if (delivery.kind == Kind::Event) {
        sent = wire_.sendAnswer(hubp::Ack{
            delivery.envelope.seq, HUB_THROTTLED, 0, std::string(hubp::kBlocked), delivery.number});
    } else {
        const hubp::Outcome outcome{
            delivery.envelope.call_id, delivery.number, status, 0, std::string(why), {}};
        sent = delivery.kind == Kind::Call ? wire_.sendAnswer(outcome) : wire_.send(outcome);
    }
    HUB_ASSERT(sent.ok(), "a refusal fits the wire");
}

void Deliveries::work()
{
    pthread_setname_np(pthread_self(), "library");
    std::unique_lock lock(mutex_);
    for (;;) {
        work_.wait(lock, [this] { return closed_ || !urgent_.empty() || !ready_.empty(); });
        if (closed_) {
            return;
        }
        std::deque<DeliveryPtr>& queue = urgent_.empty() ? ready_ : urgent_;
        const DeliveryPtr delivery = std::move(queue.front());
        queue.pop_front();
        ++inside_;
        lock.unlock();
        run(*delivery);
        lock.lock();
        --inside_;
        idle_.notify_all();
    }
}

void Deliveries::run(const Delivery& delivery)
{
    const hub_event event = toEvent(delivery.envelope, delivery.payload);
    current_envelope = &delivery.envelope;
    handle_(event);
    current_envelope = nullptr;
}

void Deliveries::close()
{
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) {
        return;
    }
    for (std::deque<DeliveryPtr>* queue : {&urgent_, &ready_}) {
        for (const DeliveryPtr& delivery : *queue) {
            live_.erase(delivery->envelope.call_id);
            answerNotTried(*delivery, HUB_UNAVAILABLE, "the library is stopping");
        }
        queue->clear();
    }
    for (auto& [name, key] : keys_) {
        for (const DeliveryPtr& waiting : key.waiting) {
            answerNotTried(*waiting, HUB_UNAVAILABLE, "the library is stopping");
        }
        key.waiting.clear();
    }
    work_.notify_all();
}

void Deliveries::drainCalls(std::int64_t deadline_unix_ms)
{
    const std::chrono::system_clock::time_point deadline{
        std::chrono::milliseconds(deadline_unix_ms)};
    std::unique_lock lock(mutex_);
    (void)idle_.wait_until(lock, deadline, [this] {
        return std::all_of(live_.begin(), live_.end(), [](const auto& entry) {
            return entry.second->kind == Kind::Session;
        });
    });
}

bool Deliveries::drain(std::int64_t deadline_unix_ms)
{
    const std::chrono::system_clock::time_point deadline{
        std::chrono::milliseconds(deadline_unix_ms)};
    {
        std::unique_lock lock(mutex_);
        if (!idle_.wait_until(lock, deadline, [this] { return inside_ == 0; })) {
            return false;
        }
    }
    // Nobody is in handle() and nobody goes in any more: they only have to leave. Whoever watches
    // the process then sees the library's own threads and no others.
    joinAll();
    return true;
}

std::size_t Deliveries::unanswered() const
{
    const std::lock_guard lock(mutex_);
    return live_.size();
}

} // namespace hub::plugin_host
