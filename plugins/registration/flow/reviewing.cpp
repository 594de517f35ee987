#include "flow/reviewing.hpp"

#include "domain/automatic_review.hpp"
#include "flow/admission.hpp"
#include "flow/opening.hpp"
#include "flow/quotas.hpp"
#include "store/edition_rows.hpp"
#include "store/move_rows.hpp"

namespace registration {

namespace {

using requests::Refusal;

std::string_view eventTypeOf(OrganizationEvent event)
{
    switch (event) {
    case OrganizationEvent::Reject:
        return "organization.rejected";
    case OrganizationEvent::Return:
        return "organization.returned";
    case OrganizationEvent::Disable:
        return "organization.disabled";
    default:
        return "organization.approved";
    }
}

void tellPlace(const Work& work, const Organization& organization)
{
    work.publish("organization.moved",
                 organization,
                 {{"delegation_id", organization.delegation_id},
                  {"sub_delegation_id", organization.sub_delegation_id}});
}

} // namespace

Refusal stateForbids(const Organization& organization)
{
    Refusal refusal{409,
                    "organization_state",
                    {"This can't be done in the state that the application is in; read it again.",
                     "报名当前状态不允许该操作，请刷新后重试。"}};
    refusal.parameters = {{"rule", "R-181"}, {"state", std::string(toText(organization.state))}};
    return refusal;
}

void passAutomatically(const Work& work, Organization& organization, const Edition& edition)
{
    if (organization.state != OrganizationState::Submitted) {
        return;
    }
    const std::string judgement = judgeAutomatically(edition, organization);
    const bool passes =
        judgement == kPassed &&
        work.move(organization, OrganizationEvent::PassAutomatically, edition, judgement);
    if (!passes) {
        organization.reason = judgement;
        work.rows().update(organization);
        return;
    }
    organization.decided_ms = work.nowMs();
    organization.decided_by = "hub";
    work.rows().update(organization);
    work.publish("organization.approved", organization, {{"automatic", true}});
    followAll(work, organization, edition);
}

std::optional<Refusal> decide(const Work& work,
                              Organization& organization,
                              const Edition& edition,
                              const Decision& decision)
{
    if (!work.move(organization, decision.event, edition, decision.reason)) {
        return stateForbids(organization);
    }
    organization.decided_ms = work.nowMs();
    organization.decided_by = work.actor();
    work.rows().update(organization);
    removeMove(work.unit(), organization.organization_id);
    const bool is_approval = decision.event == OrganizationEvent::Approve;
    work.publish(eventTypeOf(decision.event),
                 organization,
                 is_approval ? Json{{"automatic", false}} : Json::object());
    if (is_approval) {
        followAll(work, organization, edition);
    }
    return std::nullopt;
}

std::optional<Refusal> checkPlace(const Work& work,
                                  const Edition& edition,
                                  std::string_view delegation_id,
                                  std::string_view sub_delegation_id)
{
    const auto delegation = findDelegation(work.unit(), edition.id, delegation_id);
    const auto sub = findDelegation(work.unit(), edition.id, sub_delegation_id);
    const bool is_place = delegation && delegation->parent_id.empty() &&
                          (sub_delegation_id.empty() || (sub && sub->parent_id == delegation_id));
    if (is_place) {
        return std::nullopt;
    }
    return Refusal{422,
                   "delegation_unknown",
                   {"There is no such delegation or sub-delegation in this edition; choose one of "
                    "the list.",
                    "本届没有该交易团或分团，请从列表中选择。"}};
}

std::optional<Refusal> moveTo(const Work& work,
                              Organization& organization,
                              const Edition& edition,
                              std::string_view delegation_id,
                              std::string_view sub_delegation_id,
                              std::string_view reason)
{
    if (auto refusal = checkPlace(work, edition, delegation_id, sub_delegation_id)) {
        return refusal;
    }
    if (!work.move(organization, OrganizationEvent::Move, edition, reason)) {
        return stateForbids(organization);
    }
    if (auto refusal =
            relocateWithPlaces(work, organization, delegation_id, sub_delegation_id, edition)) {
        return refusal;
    }
    removeMove(work.unit(), organization.organization_id);
    tellPlace(work, organization);
    return std::nullopt;
}

std::optional<Refusal> reassign(const Work& work,
                                Organization& organization,
                                const Edition& edition,
                                std::string_view sub_delegation_id)
{
    if (auto refusal = checkPlace(work, edition, organization.delegation_id, sub_delegation_id)) {
        return refusal;
    }
    // The reason of the state that it is in stays.
    if (!work.move(organization, OrganizationEvent::Reassign, edition, organization.reason)) {
        return stateForbids(organization);
    }
    if (auto refusal = relocateWithPlaces(work,
                                          organization,
                                          std::string{organization.delegation_id},
                                          sub_delegation_id,
                                          edition)) {
        return refusal;
    }
    tellPlace(work, organization);
    return std::nullopt;
}

} // namespace registration
