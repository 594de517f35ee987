#include "flow/accounts.hpp"

#include "flow/carry_over.hpp"
#include "flow/reviewing.hpp"

namespace registration {

hub::Answer beginApplication(const Work& work)
{
    const Json payload = Json::parse(work.event().payload());
    const std::string id = payload.at("organization_id");
    if (work.rows().organization(id)) {
        return {HUB_ALREADY_DONE, "", "", 0};
    }
    Organization organization;
    organization.organization_id = id;
    organization.edition = work.event().edition();
    organization.region = payload.at("region");
    organization.organization_class = payload.at("class");
    organization.past_organization_id = requests::textOf(payload, "past_organization_id");
    if (organization.region != "mainland") {
        organization.delegation_id = kNoDelegation; // C-02
    }
    organization.created_ms = work.nowMs();
    work.add(organization);
    if (const auto edition = work.edition(organization.edition)) {
        carryOver(work, organization, *edition);
    }
    return {};
}

hub::Answer endApplication(const Work& work)
{
    const std::string id = Json::parse(work.event().payload()).at("organization_id");
    auto organization = work.rows().organization(id);
    const auto edition = organization ? work.edition(organization->edition) : std::nullopt;
    if (!edition || organization->state == OrganizationState::Archived) {
        return {HUB_ALREADY_DONE, "", "", 0};
    }
    organization->social_credit_code.clear();
    ++organization->revision;
    work.rows().update(*organization);
    // What was not handed in yet needs no decision: nobody can log in to it any more.
    for (const OrganizationEvent end : {OrganizationEvent::Reject, OrganizationEvent::Disable}) {
        if (next(organization->state, end, edition->mode)) {
            decide(work, *organization, *edition, {end, "code_released"});
            break;
        }
    }
    return {};
}

} // namespace registration
