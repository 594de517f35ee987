// CallDesk: carries out what settlement.hpp decides, inside the lane's group: answers, deadlines,
// lost hosts, and the resolver's steps for calls whose outcome is unknown or pending.
#pragma once

#include "journal/calls.hpp"
#include "journal/directory.hpp"
#include "journal/group.hpp"
#include "journal/quarantine.hpp"

#include <cstdint>
#include <string>

namespace hub::journal {

/// Takes outcomes to their owners, in the same group.
class OutcomeSink {
public:
    virtual ~OutcomeSink() = default;
    /// `resolved`: the row's result is that of the resolving operation.
    virtual void deliverOutcome(Group& group, const CallRow& row, bool resolved) = 0;
};

class CallDesk {
public:
    CallDesk(const Directory& directory,
             OutcomeSink& outcomes,
             const Quarantine& quarantine = Quarantine::none());

    /// What became of an answer, for metrics.
    enum class Taken { Settled, Late, Unknown };
    /// `connector` is who says so: what another library answers has no effect.
    Taken answer(Group& group, const std::string& connector, CallAnswer answer);
    /// The deadline passed: with the mark unknown, without it not sent; the delivery is fenced.
    void expire(Group& group, hub_call_id id);
    /// The process that had the call is gone.
    void hostLost(Group& group, hub_call_id id, const std::string& reason);
    /// The hub itself was restarted: no mark, deliver again; a mark without an outcome, unknown.
    void restart(Group& group, hub_call_id id);
    /// The store was restored: whether the call left after the backup is unknown. It is asked
    /// about where the contract has a query, and never sent again by itself.
    void fence(Group& group, hub_call_id id);
    /// The quarantine ends: what its units wished to send was decided before everything was known,
    /// and an earlier life of the hub may have sent it. It ends not sent, so that its owner decides
    /// again; only a repetition of what may have left before goes on.
    void endHeld(Group& group, hub_call_id id);
    /// The next step of finding out.
    void resolve(Group& group, hub_call_id id);

private:
    void apply(Group& group, const CallRow& row, CallAnswer answer);
    void applyResolution(Group& group, const CallRow& query);
    void tellOwner(Group& group, hub_call_id id, bool resolved);
    OperationSpec specOf(const CallRow& row) const;

    const Directory& directory_;
    OutcomeSink& outcomes_;
    const Quarantine& quarantine_;
};

} // namespace hub::journal
