#include "flow/access.hpp"

#include <algorithm>

namespace registration {

namespace {

bool has(const std::vector<std::string>& ids, const std::string& id)
{
    return !id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

Access Access::of(const requests::Request& request, const hub::Event& event)
{
    Access access;
    if (!event.principal().starts_with("person:")) {
        return access;
    }
    const auto organizations = requests::idsOf(request.session, "organization");
    access.organization_ = organizations.empty() ? "" : organizations.front();
    access.delegations_ = requests::idsOf(request.session, "delegation");
    access.sub_delegations_ = requests::idsOf(request.session, "sub_delegation");
    return access;
}

bool Access::isAboutEdition() const noexcept
{
    return organization_.empty() && delegations_.empty() && sub_delegations_.empty();
}

bool Access::covers(const std::string& organization_id,
                    const std::string& delegation_id,
                    const std::string& sub_delegation_id) const
{
    return organization_ == organization_id || mayActFor(delegation_id, sub_delegation_id);
}

bool Access::mayAct(const Organization& organization) const
{
    return covers(
        organization.organization_id, organization.delegation_id, organization.sub_delegation_id);
}

bool Access::mayAct(const Person& person) const
{
    return covers(person.organization_id, person.delegation_id, person.sub_delegation_id);
}

bool Access::mayActFor(const std::string& delegation_id, const std::string& sub_delegation_id) const
{
    return isAboutEdition() || has(delegations_, delegation_id) ||
           has(sub_delegations_, sub_delegation_id);
}

Access::Node Access::node() const
{
    if (!organization_.empty()) {
        return {"organization", organization_};
    }
    if (!delegations_.empty()) {
        return {"delegation", delegations_.front()};
    }
    if (!sub_delegations_.empty()) {
        return {"sub_delegation", sub_delegations_.front()};
    }
    return {};
}

requests::Refusal notFound(requests::Words what)
{
    return {404, "not_found", std::move(what)};
}

} // namespace registration
