#include "flow/opening.hpp"

#include "store/edition_rows.hpp"
#include "store/rows.hpp"

namespace registration {

std::optional<Edition> readEdition(const hub::Snapshot& snapshot, std::string_view edition)
{
    const auto stored = findPack(snapshot, edition);
    if (!stored) {
        return std::nullopt;
    }
    std::vector<requests::Violation> problems;
    auto found = parsePack(stored->pack, problems);
    if (found) {
        found->revision = stored->revision;
    }
    return found;
}

requests::Refusal editionArchived()
{
    return {
        409,
        "edition_archived",
        {"This edition is over: its applications can only be looked up. Register for the present "
         "edition.",
         "该届次已归档，仅可查询，请在本届重新报名。"}};
}

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
    auto edition = readEdition(snapshot, organization->edition);
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
