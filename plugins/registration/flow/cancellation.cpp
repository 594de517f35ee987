#include "flow/cancellation.hpp"

#include "flow/quotas.hpp"
#include "store/cancellation_rows.hpp"

namespace registration {

namespace {

requests::Refusal orderIsOpen(const Person& person)
{
    requests::Refusal refusal =
        refusedBy("4.2",
                  "order_is_open",
                  {"The person is in an unpaid order; cancel the order first, then the person.",
                   "该人员在未支付的订单中，请先取消订单，再注销人员。"});
    refusal.parameters["order_id"] = person.order_id;
    return refusal;
}

requests::Refusal notCancelable(const Person& person)
{
    requests::Refusal refusal =
        refusedBy("4.2",
                  "person_not_cancelable",
                  {"Only submitted applications are canceled; an application that was only saved "
                   "is deleted, and one that has ended stays as it is.",
                   "仅可注销已提交的申请；已保存的请直接删除，已结束的无需注销。"});
    refusal.parameters["state"] = toText(person.state);
    return refusal;
}

bool isBeforeLock(PersonState state)
{
    return state == PersonState::Submitted || state == PersonState::ToBeCategorized ||
           state == PersonState::ToBeLocked;
}

/// What the tables of states say, in words.
Refused checkCancel(const Person& person, const Edition& edition)
{
    if (person.state == PersonState::ToBePaid && !person.order_id.empty()) {
        return orderIsOpen(person);
    }
    if (!next(person.state, PersonEvent::Cancel, edition.mode, factsOf(person, false))) {
        return notCancelable(person);
    }
    return std::nullopt;
}

void noteAboutCancellation(const Work& work,
                           const Person& person,
                           const char* event,
                           const std::string& reason)
{
    const std::string state{toText(person.state)};
    work.note(person, {person.person_id, event, state, state, "", work.actor()}, reason);
}

} // namespace

Refused cancel(const Work& work, Person& person, const std::string& reason, const Edition& edition)
{
    if (person.state == PersonState::Canceled) {
        return std::nullopt;
    }
    if (auto refused = checkCancel(person, edition)) {
        return refused;
    }
    giveBackPlace(work, person);
    removeCancellation(work.unit(), person.person_id);
    mustBeDone(work.move(person, PersonEvent::Cancel, edition, {"", reason}),
               "a cancellation that the state allows was not made");
    work.publish("person.canceled", person, Json::object());
    return std::nullopt;
}

Refused
askToCancel(const Work& work, Person& person, const std::string& reason, const Edition& edition)
{
    if (isBeforeLock(person.state) || person.state == PersonState::Canceled) {
        return cancel(work, person, reason, edition);
    }
    if (auto refused = checkCancel(person, edition)) {
        return refused;
    }
    if (!isCancellationAsked(work.unit(), person.person_id)) {
        insert(work.unit(), {person.person_id, work.actor(), work.nowMs()});
        noteAboutCancellation(work, person, "ask_to_cancel", reason);
    }
    return std::nullopt;
}

Refused refuseToCancel(const Work& work, const Person& person, const std::string& reason)
{
    if (!removeCancellation(work.unit(), person.person_id)) {
        return refusedBy("4.2",
                         "cancellation_not_asked",
                         {"The organization does not ask to cancel this person; reload the list.",
                          "单位未申请注销该人员，请刷新列表。"});
    }
    noteAboutCancellation(work, person, "refuse_to_cancel", reason);
    return std::nullopt;
}

} // namespace registration
