#include "journal/call_desk.hpp"

#include "base/json.hpp"
#include "journal/settlement.hpp"

#include <utility>

namespace hub::journal {

namespace {

CallAnswer hubAnswer(const CallRow& row, hub_status status, std::string message)
{
    CallAnswer answer;
    answer.id = row.call.id;
    answer.delivery = row.call.delivery;
    answer.status = status;
    answer.message = std::move(message);
    return answer;
}

} // namespace

CallDesk::CallDesk(const Directory& directory, OutcomeSink& outcomes, const Quarantine& quarantine)
    : directory_(directory)
    , outcomes_(outcomes)
    , quarantine_(quarantine)
{}

OperationSpec CallDesk::specOf(const CallRow& row) const
{
    auto spec = directory_.operation(row.call.contract, row.call.operation, row.call.payload);
    if (spec.ok()) {
        return std::move(spec).value();
    }
    // The contract left with a library that was removed: keep what the row itself knows.
    OperationSpec kept;
    kept.contract = row.call.contract;
    kept.operation = row.call.operation;
    kept.safe = row.call.safe;
    kept.timeout_ms = row.timeout_ms;
    return kept;
}

CallDesk::Taken CallDesk::answer(Group& group, const std::string& connector, CallAnswer answer)
{
    const auto row = Calls::load(group, answer.id);
    if (!row || row->call.connector != connector) {
        return Taken::Unknown;
    }
    const bool under_way = row->state == CallState::Dispatched || row->state == CallState::Sending;
    if (under_way && answer.delivery == row->call.delivery) {
        apply(group, *row, std::move(answer));
        return Taken::Settled;
    }
    // Late: an earlier delivery, or after the deadline. A success that left is still true and may
    // resolve what is unknown; anything else proves nothing, also the second word of a delivery
    // that never got its mark.
    const bool left = answer.delivery == row->call.delivery ? row->marked : row->ever_marked;
    const bool helps =
        row->resolving && (left || row->call.safe) &&
        outcomeOf(answer.status) == HUB_OUTCOME_SUCCEEDED &&
        directory_.checkResult(row->call.contract, row->call.operation, answer.payload).ok();
    if (helps) {
        Calls::finish(group, *row, HUB_OUTCOME_SUCCEEDED, answer);
        tellOwner(group, row->call.id, false);
    }
    return Taken::Late;
}

void CallDesk::apply(Group& group, const CallRow& row, CallAnswer answer)
{
    if (outcomeOf(answer.status) == HUB_OUTCOME_SUCCEEDED) {
        const auto fits =
            directory_.checkResult(row.call.contract, row.call.operation, answer.payload);
        if (!fits.ok()) {
            answer.status = HUB_OUTCOME_UNKNOWN;
            answer.message = "the result breaks the contract: " + fits.error().message;
            answer.payload.clear();
        }
    }
    const Settlement settlement =
        settle(row, specOf(row), answer.status, answer.retry_after_ms, group.nowMs());
    switch (settlement.kind) {
    case Settlement::Kind::Redeliver:
        Calls::requeue(group, row, settlement.due_ms, row.call.deadline_ms, false);
        return;
    case Settlement::Kind::KeepResolving:
        answer.message = row.message.empty() ? answer.message : row.message;
        answer.status = row.status;
        answer.payload = row.result;
        Calls::keepResolving(
            group, row, settlement.outcome, answer, row.resolve_step + 1, settlement.due_ms);
        return;
    case Settlement::Kind::BeginResolving:
        Calls::keepResolving(group, row, settlement.outcome, answer, 0, settlement.due_ms);
        break;
    case Settlement::Kind::Final:
        Calls::finish(group, row, settlement.outcome, answer);
        break;
    }
    if (row.resolves != 0) {
        const auto query = Calls::load(group, row.call.id);
        applyResolution(group, *query);
    } else {
        tellOwner(group, row.call.id, false);
    }
}

void CallDesk::applyResolution(Group& group, const CallRow& query)
{
    const auto row = Calls::load(group, query.resolves);
    if (!row || !row->resolving || row->state != CallState::Answered) {
        return; // resolved meanwhile, by a callback or a late answer
    }
    const OperationSpec spec = specOf(*row);
    Verdict verdict = Verdict::Wait; // a query without a clear answer is asked again later
    if (query.outcome == HUB_OUTCOME_SUCCEEDED && spec.resolve) {
        verdict = verdictOf(*spec.resolve, query.result).value_or(Verdict::Wait);
    }
    CallAnswer answer = hubAnswer(*row, row->status, row->message);
    switch (verdict) {
    case Verdict::Answer:
        answer.status = HUB_OK;
        answer.message = "found out by " + spec.resolve->operation;
        answer.payload = query.result;
        Calls::finish(group, *row, HUB_OUTCOME_SUCCEEDED, answer);
        tellOwner(group, row->call.id, true);
        return;
    case Verdict::Repeat:
        if (quarantine_.isOn()) {
            break; // asked again after the release, and only then repeated
        }
        Calls::requeue(group, *row, group.nowMs(), group.nowMs() + row->timeout_ms, true);
        return;
    case Verdict::Wait:
        break;
    }
    answer.payload = row->result;
    Calls::keepResolving(group,
                         *row,
                         row->outcome,
                         answer,
                         row->resolve_step + 1,
                         group.nowMs() + resolveDelayMs(row->resolve_step + 1));
}

void CallDesk::expire(Group& group, hub_call_id id)
{
    const auto row = Calls::load(group, id);
    if (!row || row->state == CallState::Answered) {
        return;
    }
    const char* why = row->state == CallState::Sending
                          ? "no complete answer came before the deadline"
                          : "nothing was sent before the deadline";
    apply(group, *row, hubAnswer(*row, HUB_OUTCOME_UNKNOWN, why));
}

void CallDesk::hostLost(Group& group, hub_call_id id, const std::string& reason)
{
    const auto row = Calls::load(group, id);
    if (!row || row->state == CallState::Answered || row->state == CallState::Queued) {
        return;
    }
    apply(group,
          *row,
          hubAnswer(*row, HUB_OUTCOME_UNKNOWN, "the connector's process ended: " + reason));
}

void CallDesk::restart(Group& group, hub_call_id id)
{
    const auto row = Calls::load(group, id);
    if (!row) {
        return;
    }
    if (row->state == CallState::Dispatched) {
        // Not the connector's fault: the time that the hub was away does not count either.
        Calls::requeue(group, *row, group.nowMs(), group.nowMs() + row->timeout_ms, false);
    } else if (row->state == CallState::Sending) {
        apply(group,
              *row,
              hubAnswer(*row, HUB_OUTCOME_UNKNOWN, "the hub was restarted while it was sent"));
    }
}

void CallDesk::fence(Group& group, hub_call_id id)
{
    const auto row = Calls::load(group, id);
    if (!row) {
        return;
    }
    const bool told = row->state == CallState::Answered;
    CallAnswer answer = hubAnswer(*row,
                                  HUB_OUTCOME_UNKNOWN,
                                  "the store was restored from a backup: whether this was sent "
                                  "since then is not known");
    if (nextStep(*row, specOf(*row)) == ResolveStep::Query) {
        Calls::keepResolving(group, *row, HUB_OUTCOME_UNRESOLVED, answer, 0, group.nowMs());
    } else {
        Calls::finish(group, *row, HUB_OUTCOME_UNRESOLVED, answer);
    }
    if (!told) {
        tellOwner(group, id, false);
    }
}

void CallDesk::endHeld(Group& group, hub_call_id id)
{
    const auto row = Calls::load(group, id);
    if (!row || row->state != CallState::Queued) {
        return;
    }
    if (row->resolving || row->call.attempt > 1) {
        Calls::requeue(group, *row, group.nowMs(), group.nowMs() + row->timeout_ms, false);
        return;
    }
    const CallAnswer answer = hubAnswer(*row,
                                        HUB_UNAVAILABLE,
                                        "it was wished for in quarantine, before everything that "
                                        "was open was known; nothing was sent");
    Calls::finish(group, *row, HUB_OUTCOME_NOT_SENT, answer);
    tellOwner(group, id, false);
}

void CallDesk::resolve(Group& group, hub_call_id id)
{
    const auto row = Calls::load(group, id);
    if (!row || !row->resolving || row->state != CallState::Answered) {
        return;
    }
    const OperationSpec spec = specOf(*row);
    const std::int64_t next_ms = group.nowMs() + resolveDelayMs(row->resolve_step + 1);
    CallAnswer kept = hubAnswer(*row, row->status, row->message);
    kept.payload = row->result;
    switch (nextStep(*row, spec)) {
    case ResolveStep::Nothing:
        Calls::finish(group, *row, row->outcome, kept);
        return;
    case ResolveStep::Resend:
        Calls::requeue(group, *row, group.nowMs(), group.nowMs() + row->timeout_ms, true);
        return;
    case ResolveStep::Query:
        break;
    }
    const auto request = base::parseJson(row->call.payload);
    base::Json payload = base::Json::object();
    for (const std::string& member : spec.resolve->copy) {
        if (request.ok() && request.value().contains(member)) {
            payload[member] = request.value().at(member);
        }
    }
    const std::string text = payload.dump();
    auto query = directory_.operation(row->call.contract, spec.resolve->operation, text);
    auto connector =
        directory_.connector(row->call.contract, spec.resolve->operation, row->call.account);
    // The next step waits for the query's answer; should that get lost, for this time.
    Calls::keepResolving(group,
                         *row,
                         row->outcome,
                         kept,
                         row->resolve_step + (query.ok() && connector.ok() ? 0 : 1),
                         query.ok() ? next_ms + query.value().timeout_ms : next_ms);
    if (query.ok() && connector.ok()) {
        NewCall wanted;
        wanted.spec = std::move(query).value();
        wanted.owner = row->owner;
        wanted.connector = std::move(connector).value();
        wanted.account = row->call.account;
        wanted.key = row->call.key;
        wanted.edition = row->call.edition;
        wanted.principal = "hub";
        wanted.trace = row->call.trace;
        wanted.correlation = row->call.uuid;
        wanted.payload = text;
        wanted.resolves = id;
        Calls::create(group, wanted);
    }
}

void CallDesk::tellOwner(Group& group, hub_call_id id, bool resolved)
{
    const auto row = Calls::load(group, id);
    outcomes_.deliverOutcome(group, *row, resolved);
}

} // namespace hub::journal
