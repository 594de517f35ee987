#include "api/organizations.hpp"

#include "flow/contacts.hpp"

#include <identifiers/mask.hpp>
#include <identifiers/social_credit_code.hpp>

namespace identity {

hub::Answer releaseCode(const Work& work, const hub::Event& event)
{
    const Json arguments = Json::parse(event.payload()).at("arguments");
    const auto organization = work.rows().organization(arguments.at(0).get<std::string>());
    if (!organization || organization->state != kActive) {
        return {HUB_NOT_FOUND, "no active organization has this id", "", 0};
    }
    releaseCodeOf(work, *organization, arguments.at(1).get<std::string>());
    const Json data = {{"organization_id", organization->organization_id}, {"state", kReleased}};
    return {HUB_OK, "", Json{{"data", data}, {"sections", Json::array()}, {"exit", 0}}.dump(), 0};
}

hub::Answer showOrganization(const Look& look)
{
    const std::string wanted = Json::parse(look.event().payload()).at("arguments").at(0);
    const ReadRows& rows = look.rows();
    auto organization = rows.organization(wanted);
    if (!organization) {
        organization =
            rows.organizationByCode(look.edition(), identifiers::socialCreditKey(wanted));
    }
    if (!organization) {
        return {HUB_NOT_FOUND, "no organization has this id or social credit code", "", 0};
    }
    Json logins = Json::array();
    for (const Login& login : rows.loginsOf(organization->organization_id)) {
        logins.push_back(Json::array({login.login_id,
                                      login.state,
                                      identifiers::maskPhone(login.phone),
                                      identifiers::maskEmail(login.mail)}));
    }
    const Json data = {{"organization_id", organization->organization_id},
                       {"edition", organization->edition},
                       {"region", organization->region},
                       {"class", organization->organization_class},
                       {"social_credit_code", organization->social_credit_code},
                       {"state", organization->state},
                       {"note", organization->note},
                       {"past_organization_id", organization->past_organization_id}};
    const Json table = {{"title", "Logins"},
                        {"columns", {"login", "state", "phone", "mail"}},
                        {"rows", std::move(logins)}};
    return {HUB_OK,
            "",
            Json{{"data", data}, {"sections", Json::array({table})}, {"exit", 0}}.dump(),
            0};
}

} // namespace identity
