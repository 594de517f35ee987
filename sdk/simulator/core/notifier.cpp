#include "core/notifier.hpp"

#include "core/post.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <chrono>
#include <iostream>

namespace hub::simulator {

namespace {

constexpr int kSenders = 8;
constexpr std::int64_t kIdleMs = 1000;
constexpr std::size_t kAnswerKept = 200;

Distortion distortionOf(Fault fault)
{
    switch (fault) {
    case Fault::NotifyBadSignature:
        return Distortion::BadSignature;
    case Fault::NotifyProbeSignature:
        return Distortion::ProbeSignature;
    case Fault::NotifyWrongAmount:
        return Distortion::WrongAmount;
    default:
        return Distortion::None;
    }
}

} // namespace

Notifier::Notifier(Surroundings surroundings)
    : with_(std::move(surroundings))
{
    for (int i = 0; i < kSenders; ++i) {
        threads_.emplace_back([this] { work(); });
    }
    threads_.emplace_back([this] { sweep(); });
}

Notifier::~Notifier()
{
    stop();
}

void Notifier::wake()
{
    {
        const std::lock_guard lock(guard_);
        ++wakes_;
    }
    changed_.notify_one();
}

void Notifier::stop() noexcept
{
    {
        const std::lock_guard lock(guard_);
        stopping_ = true;
    }
    changed_.notify_all();
    ended_.notify_all();
    for (std::thread& thread : threads_) {
        if (thread.joinable()) {
            thread.join();
        }
    }
}

const Provider* Notifier::providerOf(const Notification& notification) const
{
    for (const auto& provider : with_.providers) {
        if (provider->name() == notification.provider) {
            return provider.get();
        }
    }
    return nullptr;
}

/// Takes the next due notification that no other thread is sending; waits for one. Empty at the
/// end.
std::optional<Notification> Notifier::claim()
{
    std::unique_lock lock(guard_);
    while (!stopping_) {
        const std::uint64_t seen = wakes_;
        const auto owed = with_.books.transact([&](Book& book) {
            return book.owedNotifications(static_cast<std::int64_t>(in_flight_.size()) + 1);
        });
        const auto next = std::find_if(owed.begin(), owed.end(), [&](const Notification& one) {
            return !in_flight_.contains(one.id);
        });
        std::int64_t wait_ms = kIdleMs;
        if (next != owed.end()) {
            wait_ms = std::min(wait_ms, with_.clock.realUntilMs(next->due_ms));
            if (wait_ms == 0) {
                in_flight_.insert(next->id);
                // There may be more than one; each sender that finds one calls the next.
                changed_.notify_one();
                return *next;
            }
        }
        changed_.wait_for(
            lock, std::chrono::milliseconds(wait_ms), [&] { return stopping_ || wakes_ != seen; });
    }
    return std::nullopt;
}

void Notifier::work()
{
    while (true) {
        std::string id;
        try {
            const auto notification = claim();
            if (!notification) {
                return;
            }
            id = notification->id;
            process(*notification);
        } catch (const Poco::Exception& failure) {
            std::cerr << "notification " << id << ": " << failure.displayText() << std::endl;
        } catch (const std::exception& failure) {
            std::cerr << "notification " << id << ": " << failure.what() << std::endl;
        }
        const std::lock_guard lock(guard_);
        in_flight_.erase(id);
    }
}

/// Lets time act on trades that nobody asks about.
void Notifier::sweep()
{
    std::unique_lock lock(guard_);
    while (!stopping_) {
        lock.unlock();
        try {
            with_.wallet.settleDue();
        } catch (const std::exception& failure) {
            std::cerr << "settling due trades: " << failure.what() << std::endl;
        }
        lock.lock();
        ended_.wait_for(lock, std::chrono::milliseconds(kIdleMs), [this] { return stopping_; });
    }
}

void Notifier::postpone(const Notification& notification,
                        std::string_view state,
                        std::int64_t due_ms)
{
    with_.books.transact([&](Book& book) {
        book.reschedule(notification.id, state, due_ms, notification.attempts);
        return true;
    });
}

void Notifier::process(const Notification& notification)
{
    // One that a fault held back goes out untouched, or it would never go.
    std::optional<FaultRule> fault;
    if (notification.state == "queued") {
        fault = with_.faults.forNotification(
            notification.provider, notification.event, notification.number);
    }
    const std::int64_t later_ms = with_.clock.nowMs() + (fault ? fault->ms : 0);
    if (fault && fault->fault == Fault::NotifyNone) {
        postpone(notification, "suppressed", notification.due_ms);
    } else if (fault && fault->fault == Fault::NotifyDelay) {
        postpone(notification, "delayed", later_ms);
    } else if (fault && fault->fault == Fault::NotifyReorder) {
        postpone(notification, "held", later_ms);
    } else {
        send(notification, fault);
    }
}

void Notifier::send(const Notification& notification, const std::optional<FaultRule>& fault)
{
    const Provider* provider = providerOf(notification);
    if (provider == nullptr) {
        postpone(notification, "given_up", notification.due_ms);
        return;
    }
    const Fault kind = fault ? fault->fault : Fault::Delay;
    const OutMessage message = provider->renderNotification(
        notification, fault ? fault->fields : Json::object(), distortionOf(kind));
    const bool repeated = kind == Fault::NotifyDuplicate || kind == Fault::NotifyParallel;
    const int copies = repeated ? fault->count : 1;
    const std::int64_t sent_ms = realNowMs();
    const auto answers =
        postCopies({notification.url, message, with_.trust_file, provider->notifyPatienceMs()},
                   copies,
                   kind == Fault::NotifyParallel);

    bool accepted = false;
    with_.books.transact([&](Book& book) {
        for (const PostAnswer& answer : answers) {
            const bool good = provider->isAcknowledgement(answer.http_status, answer.body);
            accepted = accepted || good;
            book.insert(Delivery{.notification = notification.id,
                                 .attempt = notification.attempts + 1,
                                 .sent_ms = sent_ms,
                                 .http_status = answer.http_status,
                                 .answer = answer.body.substr(0, kAnswerKept),
                                 .accepted = good,
                                 .fault = fault ? std::string(toText(kind)) : std::string{}});
        }
        const auto& pauses = provider->notifyPausesMs();
        const auto sent = static_cast<std::size_t>(notification.attempts);
        const bool over = accepted || sent >= pauses.size();
        const std::int64_t now_ms = with_.clock.nowMs();
        book.reschedule(notification.id,
                        accepted ? "delivered"
                        : over   ? "given_up"
                                 : "queued",
                        over ? notification.due_ms : now_ms + pauses[sent],
                        notification.attempts + 1);
        book.releaseHeld(notification.trade, notification.id, now_ms);
        return true;
    });
    wake();
}

} // namespace hub::simulator
