#include "journal/subscription.hpp"

#include "base/assert.hpp"
#include "base/failpoint.hpp"

#include <algorithm>

namespace hub::journal {

Subscription::Subscription(SubscriptionSpec spec, RetryPolicy policy)
    : spec_(std::move(spec))
    , policy_(policy)
{}

void Subscription::load(std::int64_t cursor, std::map<std::int64_t, Mark> marks)
{
    cursor_ = position_ = stored_cursor_ = cursor;
    marks_.clear();
    settled_.clear();
    by_key_.clear();
    in_flight_.clear();
    open_.clear();
    suspects_.clear();
    stored_marks_.clear();
    for (auto& [seq, stored] : marks) {
        stored_marks_.insert(seq);
        if (stored.state == MarkState::Settled) {
            settled_.insert(seq);
        } else {
            mark(seq, std::move(stored));
        }
    }
    changed_.clear();
}

bool Subscription::wants(const Event& event) const
{
    if (!event.recipient.empty()) {
        return event.recipient == spec_.library;
    }
    const auto wanted = spec_.types.find(event.type);
    return wanted != spec_.types.end() && event.version >= wanted->second.from &&
           event.version <= wanted->second.to;
}

bool Subscription::blocksKey(const Mark& mark) const
{
    return mark.state == MarkState::Retry || mark.state == MarkState::Parked ||
           (mark.state == MarkState::Dead && spec_.blocks_key);
}

bool Subscription::keyIsBlocked(const std::string& key) const
{
    // An empty key asks for no order.
    return !key.empty() && by_key_.count(key) != 0 && !HUB_WEAK(ParkingIgnored);
}

bool Subscription::examine(const Event& event)
{
    position_ = event.seq;
    bool deliver = false;
    if (wants(event) && !isMarked(event.seq) && settled_.count(event.seq) == 0) {
        if (keyIsBlocked(event.key)) {
            mark(event.seq, Mark{event.key, MarkState::Parked, 0, 0, false, ""});
        } else {
            deliver = true;
        }
    }
    if (!deliver) {
        advance();
    }
    return deliver;
}

bool Subscription::mayBeTried(std::int64_t seq, const Mark& head) const
{
    // Beyond the position: after a restart earlier ones of its key may not be looked at yet.
    return head.state != MarkState::Dead && !inFlight(seq) && seq <= position_ &&
           !followsOpen(seq, head.key);
}

/// An earlier one of its key is in flight without a mark: after a lost group the answer to an
/// older delivery can park this one alone.
bool Subscription::followsOpen(std::int64_t seq, const std::string& key) const
{
    return !key.empty() &&
           std::any_of(open_.begin(), open_.lower_bound(seq), [&](std::int64_t earlier) {
               return in_flight_.at(earlier).key == key;
           });
}

std::optional<std::int64_t> Subscription::due(std::int64_t now_ms) const
{
    for (const auto& [key, seqs] : by_key_) {
        // Without a key every event is its own head.
        for (const std::int64_t seq : seqs) {
            const Mark& head = marks_.at(seq);
            if (mayBeTried(seq, head) && head.due_ms <= now_ms) {
                return seq;
            }
            if (!key.empty()) {
                break;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> Subscription::nextDue() const
{
    std::optional<std::int64_t> next;
    for (const auto& [key, seqs] : by_key_) {
        for (const std::int64_t seq : seqs) {
            const Mark& head = marks_.at(seq);
            if (mayBeTried(seq, head) && (!next || head.due_ms < *next)) {
                next = head.due_ms;
            }
            if (!key.empty()) {
                break;
            }
        }
    }
    return next;
}

std::uint32_t Subscription::attempt(std::int64_t seq) const
{
    const auto found = marks_.find(seq);
    return found == marks_.end() ? 1 : found->second.attempt + 1;
}

bool Subscription::isReplay(std::int64_t seq) const
{
    const auto found = marks_.find(seq);
    return found != marks_.end() && found->second.replay;
}

void Subscription::sent(const Event& event, std::uint32_t delivery)
{
    in_flight_[event.seq] = {event.key, delivery};
    if (!isMarked(event.seq)) {
        open_.insert(event.seq);
    }
}

void Subscription::landed(std::int64_t seq)
{
    in_flight_.erase(seq);
    open_.erase(seq);
    suspects_.erase(seq);
}

void Subscription::settled(std::int64_t seq)
{
    landed(seq);
    if (isMarked(seq)) {
        unmark(seq);
    } else {
        settled_.insert(seq);
        changed_.insert(seq);
    }
    advance();
}

void Subscription::blocked(std::int64_t seq, const std::string& key)
{
    landed(seq);
    if (!isMarked(seq)) {
        mark(seq, Mark{key, MarkState::Parked, 0, 0, false, ""});
    }
    advance();
}

Subscription::After Subscription::failed(std::int64_t seq,
                                         const std::string& key,
                                         const std::string& reason,
                                         std::int64_t now_ms)
{
    const std::uint32_t tries = attempt(seq);
    // A replay that fails is dead again at once: the operator decides.
    if (tries >= policy_.attempts_max || isReplay(seq)) {
        died(seq, key, reason);
        return After::Dead;
    }
    const std::int64_t wait_ms =
        std::min(policy_.longest_ms, policy_.first_ms << std::min<std::uint32_t>(tries - 1, 20));
    // Spread by the position, so that events that failed together are not tried together.
    const std::int64_t jitter_ms = seq * 7919 % (wait_ms / 4 + 1);
    landed(seq);
    mark(seq, Mark{key, MarkState::Retry, tries, now_ms + wait_ms + jitter_ms, false, reason});
    acquitBehind(seq, key);
    advance();
    return After::Retry;
}

void Subscription::died(std::int64_t seq, const std::string& key, const std::string& reason)
{
    Mark dead{key, MarkState::Dead, attempt(seq), 0, false, reason};
    landed(seq);
    if (spec_.blocks_key) {
        mark(seq, std::move(dead));
        acquitBehind(seq, key);
    } else if (isMarked(seq)) {
        unmark(seq);
    } else {
        settled_.insert(seq);
        changed_.insert(seq);
    }
    advance();
}

std::optional<std::int64_t> Subscription::hostLost(std::int64_t now_ms, const std::string& reason)
{
    const std::map<std::int64_t, InFlight> lost = std::exchange(in_flight_, {});
    for (const auto& [seq, delivery] : lost) {
        open_.erase(seq);
        suspects_.insert(seq);
        if (!isMarked(seq)) {
            mark(seq, Mark{delivery.key, MarkState::Parked, 0, now_ms, false, ""});
        }
    }
    std::optional<std::int64_t> dead;
    if (lost.size() == 1) {
        const std::int64_t seq = lost.begin()->first;
        const std::string& key = lost.begin()->second.key;
        Mark guilty = marks_.at(seq);
        ++guilty.attempt;
        if (guilty.attempt >= policy_.crashes_max) {
            died(seq, key, reason);
            dead = seq;
        } else {
            guilty.state = MarkState::Retry;
            guilty.reason = reason;
            guilty.due_ms = now_ms;
            mark(seq, std::move(guilty));
        }
    }
    advance();
    return dead;
}

void Subscription::replay(std::int64_t seq, const std::string& key, std::int64_t now_ms)
{
    mark(seq, Mark{key, MarkState::Retry, 0, now_ms, true, ""});
}

void Subscription::dismiss(std::int64_t seq)
{
    unmark(seq);
}

void Subscription::forgetOrder(std::int64_t seq, const std::string& key)
{
    const auto siblings = by_key_.find(key);
    if (siblings != by_key_.end()) {
        siblings->second.erase(seq);
        if (siblings->second.empty()) {
            by_key_.erase(siblings);
        }
    }
}

void Subscription::acquitBehind(std::int64_t seq, const std::string& key)
{
    // What queues behind a failed event is not tried soon: it must not keep all others waiting.
    const auto siblings = by_key_.find(key);
    if (key.empty() || siblings == by_key_.end()) {
        return;
    }
    for (auto later = siblings->second.upper_bound(seq); later != siblings->second.end(); ++later) {
        suspects_.erase(*later);
    }
}

void Subscription::mark(std::int64_t seq, Mark mark)
{
    forgetOrder(seq, mark.key);
    if (blocksKey(mark)) {
        by_key_[mark.key].insert(seq);
    }
    marks_[seq] = std::move(mark);
    changed_.insert(seq);
}

void Subscription::unmark(std::int64_t seq)
{
    const auto found = marks_.find(seq);
    if (found != marks_.end()) {
        forgetOrder(seq, found->second.key);
        suspects_.erase(seq);
        marks_.erase(found);
        if (seq > cursor_) {
            settled_.insert(seq); // else a restart, which goes on at the cursor, delivers it again
        }
        changed_.insert(seq);
    }
}

void Subscription::advance()
{
    const std::int64_t low_water = open_.empty() ? position_ : *open_.begin() - 1;
    HUB_ASSERT(low_water >= cursor_, "a subscription's cursor would move back");
    cursor_ = low_water;
    while (!settled_.empty() && *settled_.begin() <= cursor_) {
        changed_.insert(*settled_.begin());
        settled_.erase(settled_.begin());
    }
}

Subscription::Changes Subscription::takeChanges()
{
    Changes changes;
    for (const std::int64_t seq : changed_) {
        const auto found = marks_.find(seq);
        if (found != marks_.end()) {
            changes.upserts.emplace_back(seq, found->second);
            stored_marks_.insert(seq);
        } else if (settled_.count(seq) != 0) {
            changes.upserts.emplace_back(seq, Mark{"", MarkState::Settled, 0, 0, false, ""});
            stored_marks_.insert(seq);
        } else if (stored_marks_.erase(seq) != 0) {
            changes.deletes.push_back(seq);
        }
    }
    changed_.clear();
    if (cursor_ != stored_cursor_) {
        stored_cursor_ = cursor_;
        changes.cursor = cursor_;
    }
    return changes;
}

} // namespace hub::journal
