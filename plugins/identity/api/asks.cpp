#include "api/asks.hpp"

#include "flow/grants.hpp"
#include "flow/invitations.hpp"
#include "store/past_rows.hpp"
#include "store/staff_rows.hpp"

namespace identity {

namespace {

hub::Answer said(const Json& answer)
{
    return {HUB_OK, "", answer.dump(), 0};
}

std::string questionOf(const Look& look, const char* name)
{
    return textOf(Json::parse(look.event().payload()), name);
}

} // namespace

hub::Answer askContacts(const Look& look)
{
    const std::string organization = questionOf(look, "organization_id");
    Json contacts = Json::array();
    for (const Login& login : look.rows().loginsOf(organization)) {
        if (login.state == kActive) {
            Json contact = {{"person", login.login_id}, {"language", login.language}};
            if (!login.phone.empty()) {
                contact["phone"] = login.phone;
            }
            if (!login.mail.empty()) {
                contact["mail"] = login.mail;
            }
            contacts.push_back(std::move(contact));
        }
    }
    return said({{"contacts", std::move(contacts)}});
}

hub::Answer askInvitation(const Look& look)
{
    const std::string wanted = questionOf(look, "invitation_id");
    const auto invitation = StaffReadRows(look.snapshot()).invitation(wanted);
    if (!invitation || !isUsable(*invitation, look.nowMs())) {
        return said({{"open", false}});
    }
    return said({{"open", true},
                 {"person", invitation->staff_id},
                 {"mail", invitation->mail},
                 {"language", invitation->language},
                 {"link", linkOf(look.settings(), tokenOf(look.snapshot(), wanted))},
                 {"expires_at_ms", invitation->expires_ms}});
}

hub::Answer askOrganization(const Look& look)
{
    const auto organization = look.rows().organization(questionOf(look, "organization_id"));
    if (!organization) {
        return said({{"known", false}});
    }
    Json answer = {{"known", true},
                   {"edition", organization->edition},
                   {"region", organization->region},
                   {"class", organization->organization_class},
                   {"social_credit_code", organization->social_credit_code},
                   {"state", organization->state},
                   {"registered_at_ms", organization->created_ms}};
    if (!organization->past_organization_id.empty()) {
        answer["past_organization_id"] = organization->past_organization_id;
    }
    return said(answer);
}

hub::Answer askPastVerification(const Look& look)
{
    const auto found =
        PastReadRows(look.snapshot()).verificationOf(questionOf(look, "organization_id"));
    if (!found) {
        return said({{"verified", false}});
    }
    return said({{"verified", true},
                 {"way", found->way},
                 {"past_organization_id", found->past_organization_id},
                 {"past_edition", found->past_edition},
                 {"verified_at_ms", found->created_ms}});
}

hub::Answer askPersonData(const Look& look)
{
    const std::string person = questionOf(look, "person");
    const auto login = look.rows().login(person);
    if (!login) {
        return said({{"known", false}});
    }
    return said({{"known", true},
                 {"edition", login->edition},
                 {"organization_id", login->organization_id},
                 {"account", login->account},
                 {"name", login->name},
                 {"phone", login->phone},
                 {"mail", login->mail},
                 {"language", login->language},
                 {"state", login->state},
                 {"has_password", !login->password.empty()},
                 {"has_totp", login->hasSecondFactor()},
                 {"roles", toJson(look.rows().grants(person))},
                 {"created_at_ms", login->created_ms}});
}

} // namespace identity
