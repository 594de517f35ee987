// Calls: the rows of hub_call and the conditional updates that move them
// queued -> dispatched -> sending -> answered. What an answer means is decided in settlement.hpp.
// What calls of personal contracts carry is sealed in the row and in clear in the values here; it
// is removed when the outcome has reached its owner.
#pragma once

#include "journal/directory.hpp"
#include "journal/event.hpp"
#include "journal/group.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hub::journal {

struct NewCall {
    OperationSpec spec;
    std::string owner;
    std::string connector;
    std::string account;
    std::string key;
    std::string edition;
    std::string idempotency_key;
    std::string principal;
    std::string trace;
    std::string correlation;
    std::string payload;
    std::int64_t deadline_ms = 0; // 0: now + the operation's time-out
    hub_call_id resolves = 0;     // the call that this one finds out about
};

enum class CallState { Queued, Dispatched, Sending, Answered };

struct CallRow {
    CallDelivery call;
    std::string owner;
    std::string correlation;
    CallState state = CallState::Queued;
    std::int64_t due_ms = 0;
    std::int64_t timeout_ms = 0;
    std::uint32_t outcome = HUB_OUTCOME_NONE;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::string message;
    std::string result;
    hub_call_id resolves = 0;
    bool resolving = false;
    std::uint32_t resolve_step = 0;
    bool released = false;
    bool marked = false;      // the latest delivery got its mark, whatever became of it since
    bool ever_marked = false; // some delivery got one
};

class Calls {
public:
    static hub_call_id create(Group& group, const NewCall& wanted);
    static std::optional<CallRow> load(Group& group, hub_call_id id);
    /// HUB_OUTCOME_NONE while there is none; nothing when there is no such call.
    static std::optional<std::uint32_t> outcomeOf(store::Connection& connection, hub_call_id id);

    /// Which calls may move: in quarantine only those that can be repeated.
    enum class Which { All, SafeOnly };

    /// Moves up to `limit` queued calls of the connector that are due to dispatched, each with a
    /// new delivery number.
    static std::vector<CallDelivery> dispatch(Group& group,
                                              const std::string& connector,
                                              std::size_t limit,
                                              Which which = Which::All);
    /// The durable mark. False: another delivery, answered already, or marked already.
    static bool markSending(Group& group,
                            hub_call_id id,
                            std::uint32_t delivery,
                            const std::string& request_digest);

    /// Back to queued, for a delivery after `due_ms` with a new deadline. `again` counts as a new
    /// attempt at the provider, else only as another delivery.
    static void requeue(Group& group,
                        const CallRow& row,
                        std::int64_t due_ms,
                        std::int64_t deadline_ms,
                        bool again);
    /// Final outcome; nothing is resolved any more. A request that the payer's browser carries
    /// counts as sent from here on.
    static void
    finish(Group& group, const CallRow& row, std::uint32_t outcome, const CallAnswer& answer);
    /// Unknown or pending: the resolver takes its next step at `due_ms`.
    static void keepResolving(Group& group,
                              const CallRow& row,
                              std::uint32_t outcome,
                              const CallAnswer& answer,
                              std::uint32_t step,
                              std::int64_t due_ms);
    /// Ends resolving on the owner's word. False when the owner has no such call.
    static bool release(Group& group, hub_call_id id, const std::string& owner);
    /// Its owner has the outcome: of a personal call nothing stays but that it was made.
    static void purge(Group& group, hub_call_id id);

    /// With SafeOnly what a quarantine holds has no deadline.
    static std::vector<hub_call_id> pastDeadline(store::Connection& connection,
                                                 std::int64_t now_ms,
                                                 std::size_t limit,
                                                 Which which = Which::All);
    static std::vector<hub_call_id>
    resolvable(store::Connection& connection, std::int64_t now_ms, std::size_t limit);
    /// Connectors with queued calls that are due.
    static std::vector<std::string> connectorsWithQueued(store::Connection& connection,
                                                         std::int64_t now_ms,
                                                         Which which = Which::All);

    /// Without a final outcome, by account.
    static std::map<std::string, std::int64_t> openByAccount(store::Connection& connection);

    /// Calls that may have left after a backup: not safe, and without a final outcome.
    static std::vector<hub_call_id> openAndNotSafe(store::Connection& connection);
    /// Of those up to `last`: unknown, and no query about them was answered yet.
    static std::int64_t notAskedYet(store::Connection& connection, std::int64_t last);
    /// Queued and not safe: in quarantine they are held.
    static std::int64_t countHeld(store::Connection& connection);
    static std::vector<hub_call_id> held(store::Connection& connection);
};

} // namespace hub::journal
