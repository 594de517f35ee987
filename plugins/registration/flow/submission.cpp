#include "flow/submission.hpp"

#include "flow/admission.hpp"
#include "flow/consents.hpp"
#include "flow/deadlines.hpp"
#include "flow/page_work.hpp"
#include "flow/reviewing.hpp"
#include "store/count_rows.hpp"
#include "store/list_rows.hpp"

#include <algorithm>

namespace registration {

namespace {

using Counts = std::map<std::string, std::int64_t>;

Counts personsOf(const hub::Snapshot& snapshot, const Organization& organization)
{
    return countsOf(
        snapshot, organization.edition, "organization", organization.organization_id, "person");
}

bool isUnsubmitted(std::string_view state)
{
    return state == toText(PersonState::Saved) || state == toText(PersonState::JoinRequested);
}

/// Who was submitted once and is still with the organization.
std::int64_t submittedPersons(const Counts& counts)
{
    std::int64_t n = 0;
    for (const auto& [state, count] : counts) {
        const bool is_gone = state == toText(PersonState::Canceled) ||
                             state == toText(PersonState::Failed) ||
                             state == toText(PersonState::Archived);
        n += isUnsubmitted(state) || is_gone ? 0 : count;
    }
    return n;
}

void add(Json& guards,
         std::string_view rule,
         std::string_view page,
         std::string_view pointer,
         Words message)
{
    guards.push_back({{"rule", rule},
                      {"page", page},
                      {"pointer", pointer},
                      {"message", requests::toJson(message)}});
}

/// The class that identity took must be one that this edition has for the region.
void checkClass(const Organization& organization, const Edition& edition, Json& guards)
{
    const std::string_view rule = organization.region == "mainland" ? "R-001" : "R-002";
    const auto classes = edition.classes.find(organization.region);
    const bool is_known = classes != edition.classes.end() &&
                          std::find(classes->second.begin(),
                                    classes->second.end(),
                                    organization.organization_class) != classes->second.end();
    if (edition.holds(rule) && !is_known) {
        add(guards,
            rule,
            kOrganizationPage,
            "",
            {"This edition takes no organizations of this class from this region; ask the "
             "organizer.",
             "本届不接受该地区此类别的单位报名，请联系组委会。"});
    }
}

/// Not a word about whose it is: the delegation settles it by the licence (D-08).
void checkCodeIsFree(const hub::Snapshot& snapshot,
                     const Organization& organization,
                     const Edition& edition,
                     Json& guards)
{
    const std::string& code = organization.social_credit_code;
    if (edition.holds("R-029") && !code.empty() &&
        !organizationWithCode(snapshot, edition.id, code, organization.organization_id).empty()) {
        add(guards,
            "R-029",
            kOrganizationPage,
            "/social_credit_code",
            {"Another account of this edition has applied with this code. Log in to that one, or "
             "ask "
             "your delegation to settle it by the licence.",
             "该统一社会信用代码已有账户报名，请登录原账户，或联系交易团凭营业执照核实。"});
    }
}

} // namespace

Json submissionGuards(const hub::Snapshot& snapshot,
                      const Organization& organization,
                      const Edition& edition)
{
    Json guards = unfinished(snapshot, organization, edition);
    checkClass(organization, edition, guards);
    checkCodeIsFree(snapshot, organization, edition, guards);
    const bool needs_person = edition.holds("R-122") && edition.holds("R-123");
    if (needs_person && submittedPersons(personsOf(snapshot, organization)) == 0) {
        add(guards,
            "R-123",
            "persons",
            "",
            {"Submit at least one person before, or together with, the organization.",
             "须至少同时或提前提交一名人员信息。"});
    }
    if (edition.holds("R-126") &&
        !hasConsent(snapshot, organization.organization_id, "privacy", edition)) {
        add(guards,
            "R-126",
            "consents",
            "/privacy",
            {"Read the policy on personal information and privacy and agree to its present "
             "version.",
             "请阅读并同意现行《个人信息及隐私保护政策》。"});
    }
    if (const auto refusal = tooLate(snapshot, organization, edition)) {
        add(guards, "R-370", "", "", refusal->detail);
    }
    return guards;
}

std::int64_t unsubmittedPersons(const hub::Snapshot& snapshot, const Organization& organization)
{
    std::int64_t n = 0;
    for (const auto& [state, count] : personsOf(snapshot, organization)) {
        n += isUnsubmitted(state) ? count : 0;
    }
    return n;
}

void submit(const Work& work, Organization& organization, const Edition& edition)
{
    if (organization.delegation_id.empty()) { // an edition that asks for none
        work.relocate(organization, kNoDelegation, "");
    }
    organization.submitted_ms = work.nowMs();
    work.move(organization, OrganizationEvent::Submit, edition);
    Json payload = {{"delegation_id", organization.delegation_id}};
    if (!organization.sub_delegation_id.empty()) {
        payload["sub_delegation_id"] = organization.sub_delegation_id;
    }
    work.publish("organization.submitted", organization, std::move(payload));
    followAll(work, organization, edition);
    passAutomatically(work, organization, edition);
}

} // namespace registration
