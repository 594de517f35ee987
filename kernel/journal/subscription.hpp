// Subscription: where one subscriber stands in the journal. Pure: no I/O, no clock; the lane
// tells it what happened and writes down what changed. It keeps the order per key: nothing
// overtakes an event of its key that is not settled.
//
// `cursor` is the contiguous low-water mark: every event up to it is settled or has a mark.
// Marks say what is settled above the cursor, waits for a retry, is queued behind a failed event
// of its key ("parked"), or is dead.
#pragma once

#include "journal/directory.hpp"
#include "journal/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hub::journal {

enum class MarkState { Settled, Retry, Parked, Dead };

struct Mark {
    std::string key;
    MarkState state = MarkState::Parked;
    std::uint32_t attempt = 0; // tries that failed
    std::int64_t due_ms = 0;
    bool replay = false;
    std::string reason;
};

struct RetryPolicy {
    std::uint32_t attempts_max = 5;
    std::uint32_t crashes_max = 3; // tries that end an event which crashes its host
    std::int64_t first_ms = 1000;
    std::int64_t longest_ms = 60000;
};

class Subscription {
public:
    Subscription(SubscriptionSpec spec, RetryPolicy policy);

    const SubscriptionSpec& spec() const noexcept { return spec_; }
    bool wants(const Event& event) const;

    /// What the store holds. Deliveries in flight are forgotten.
    void load(std::int64_t cursor, std::map<std::int64_t, Mark> marks);

    // What to deliver next.

    /// Events after this position have not been looked at.
    std::int64_t position() const noexcept { return position_; }
    /// Looks at the next event of the journal: true when it is to be delivered now. What is not
    /// for this subscriber is passed, what must queue behind its key is parked.
    bool examine(const Event& event);
    /// The first marked event that may be tried again by now.
    std::optional<std::int64_t> due(std::int64_t now_ms) const;
    /// When due() will have something; nothing when only new events can help.
    std::optional<std::int64_t> nextDue() const;
    /// After a crash one event at a time is delivered, until those then in flight are settled.
    bool singly() const noexcept { return !suspects_.empty(); }
    std::size_t inFlight() const noexcept { return in_flight_.size(); }
    bool inFlight(std::int64_t seq) const { return in_flight_.count(seq) != 0; }
    /// Whether this is the delivery that is under way.
    bool isUnderWay(std::int64_t seq, std::uint32_t delivery) const
    {
        const auto found = in_flight_.find(seq);
        return found != in_flight_.end() && found->second.delivery == delivery;
    }
    std::uint32_t attempt(std::int64_t seq) const;
    bool isReplay(std::int64_t seq) const;
    bool isMarked(std::int64_t seq) const { return marks_.count(seq) != 0; }
    /// Something of this key failed or waits: later ones queue behind it.
    bool keyIsBlocked(const std::string& key) const;

    // What happened to a delivery.

    /// `delivery` is never used twice for an event while a host may still answer an earlier one.
    void sent(const Event& event, std::uint32_t delivery = 0);
    void settled(std::int64_t seq);
    /// The receiver did not try it, because an earlier event of the key failed there.
    void blocked(std::int64_t seq, const std::string& key);
    enum class After { Retry, Dead };
    After failed(std::int64_t seq,
                 const std::string& key,
                 const std::string& reason,
                 std::int64_t now_ms);
    /// Ends the event without another try.
    void died(std::int64_t seq, const std::string& key, const std::string& reason);
    /// The host is gone. Returns the event that crashed it for the last time, if one did.
    std::optional<std::int64_t> hostLost(std::int64_t now_ms, const std::string& reason);

    // An operator's decisions about a dead event.

    /// Delivers it again, marked as replay.
    void replay(std::int64_t seq, const std::string& key, std::int64_t now_ms);
    /// Gives it up: later events of its key go on.
    void dismiss(std::int64_t seq);

    // What to write down.

    struct Changes {
        std::optional<std::int64_t> cursor;
        std::vector<std::pair<std::int64_t, Mark>> upserts;
        std::vector<std::int64_t> deletes;
    };
    bool hasChanges() const noexcept { return cursor_ != stored_cursor_ || !changed_.empty(); }
    Changes takeChanges();

    std::int64_t cursor() const noexcept { return cursor_; }
    const std::map<std::int64_t, Mark>& marks() const noexcept { return marks_; }

private:
    bool blocksKey(const Mark& mark) const;
    bool mayBeTried(std::int64_t seq, const Mark& head) const;
    bool followsOpen(std::int64_t seq, const std::string& key) const;
    void landed(std::int64_t seq);
    void mark(std::int64_t seq, Mark mark);
    void unmark(std::int64_t seq);
    void forgetOrder(std::int64_t seq, const std::string& key);
    void acquitBehind(std::int64_t seq, const std::string& key);
    void advance();

    SubscriptionSpec spec_;
    RetryPolicy policy_;
    std::int64_t cursor_ = 0;
    std::int64_t position_ = 0;
    std::map<std::int64_t, Mark> marks_; // all but the settled ones
    std::set<std::int64_t> settled_;     // above the cursor
    // Marked events per key, ascending: the first is the one that may be tried.
    std::map<std::string, std::set<std::int64_t>> by_key_;
    struct InFlight {
        std::string key;
        std::uint32_t delivery = 0;
    };
    std::map<std::int64_t, InFlight> in_flight_;
    std::set<std::int64_t> open_;     // in flight without a mark
    std::set<std::int64_t> suspects_; // were in flight when the host crashed
    std::int64_t stored_cursor_ = 0;
    std::set<std::int64_t> stored_marks_;
    std::set<std::int64_t> changed_;
};

} // namespace hub::journal
