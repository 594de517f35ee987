#include "flow/opening.hpp"

#include "store/rows.hpp"

namespace registration {

std::variant<Opened, requests::Refusal> openOrganization(const hub::Snapshot& snapshot,
                                                         const hub::Event& event)
{
    requests::Request request = requests::readRequest(event.payload());
    Access access = Access::of(request, event);
    auto organization =
        ReadRows(snapshot).organization(request.path.at("organization_id").get<std::string>());
    if (!organization || !access.mayAct(*organization)) {
        return notFound(
            {"There is no such organization; look at its number.", "没有该单位，请核对编号。"});
    }
    auto edition = findEdition(snapshot, organization->edition);
    if (!edition || organization->state == OrganizationState::Archived) {
        return editionArchived();
    }
    return Opened{
        std::move(request), std::move(access), std::move(*organization), std::move(*edition)};
}

requests::Refusal
broken(int status, std::string_view code, std::string_view rule, requests::Words words)
{
    requests::Refusal refusal{status, std::string(code), std::move(words)};
    refusal.parameters = {{"rule", std::string(rule)}};
    return refusal;
}

bool isStaff(const Access& access)
{
    return access.ownOrganization().empty();
}

} // namespace registration
