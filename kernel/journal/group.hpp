// Group: the one open transaction of the lane, and what has to happen after its commit. Units of
// work run in it one after another, each in a savepoint.
#pragma once

#include "journal/event.hpp"
#include "journal/id_source.hpp"
#include "journal/payload_seal.hpp"
#include "journal/sequences.hpp"
#include "store/connection.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hub::journal {

/// The transaction is gone or unusable: the lane rolls back and begins again without the unit.
class GroupBroken : public std::runtime_error {
public:
    GroupBroken(store::Trouble trouble, const std::string& why)
        : std::runtime_error(why)
        , trouble_(trouble)
    {}
    store::Trouble trouble() const noexcept { return trouble_; }

private:
    store::Trouble trouble_;
};

/// Why a unit was rolled back.
struct UnitFailed {
    hub_status status = HUB_INTERNAL;
    std::string message;
};

struct AnsweredCall {
    hub_call_id id = 0;
    std::uint32_t outcome = HUB_OUTCOME_NONE;
};

/// What the commit makes true; dropped when the group is rolled back.
struct Effects {
    std::vector<EventPtr> events;
    std::vector<AnsweredCall> answered;
    std::set<std::string> connectors_with_calls;
    /// Memory that must be right before anybody hears of the commit; they never throw.
    std::vector<std::function<void()>> before_answers;
    std::vector<std::function<void()>> after_commit;
};

class Group {
public:
    Group(store::Connection& connection,
          Sequences& sequences,
          std::int64_t now_ms,
          const PayloadSeal& seal = PayloadSeal::none(),
          IdSource& ids = IdSource::system())
        : connection_(connection)
        , sequences_(sequences)
        , now_ms_(now_ms)
        , seal_(seal)
        , ids_(ids)
    {}

    store::Connection& connection() noexcept { return connection_; }
    Sequences& sequences() noexcept { return sequences_; }
    /// The same value for all units of the group.
    std::int64_t nowMs() const noexcept { return now_ms_; }
    const PayloadSeal& seal() const noexcept { return seal_; }
    /// A new UUIDv7 of the group's time.
    std::string makeId() { return ids_.make(now_ms_); }
    Effects& effects() noexcept { return effects_; }

    /// Runs `body` in a savepoint of its own. Returns nothing on success, else why it was rolled
    /// back. Throws GroupBroken when the failure is the store's, not the unit's.
    std::optional<UnitFailed> attempt(const std::function<void()>& body);

private:
    store::Connection& connection_;
    Sequences& sequences_;
    std::int64_t now_ms_;
    const PayloadSeal& seal_;
    IdSource& ids_;
    Effects effects_;
};

} // namespace hub::journal
