#include "flow/accounts.hpp"

#include "flow/carry_over.hpp"

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

} // namespace registration
