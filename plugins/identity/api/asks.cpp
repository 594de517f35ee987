#include "api/asks.hpp"

#include "flow/grants.hpp"
#include "flow/invitations.hpp"
#include "store/claim_rows.hpp"
#include "store/past_rows.hpp"
#include "store/staff_rows.hpp"

namespace identity {

namespace {

hub::Answer said(const Json& answer)
{
    return {HUB_OK, "", answer.dump(), 0};
}

Json toJson(const Login& login, const std::vector<Grant>& grants)
{
    return {{"edition", login.edition},
            {"organization_id", login.organization_id},
            {"account", login.account},
            {"name", login.name},
            {"phone", login.phone},
            {"mail", login.mail},
            {"language", login.language},
            {"state", login.state},
            {"has_password", !login.password.empty()},
            {"has_totp", login.hasSecondFactor()},
            {"roles", toJson(grants)},
            {"created_at_ms", login.created_ms}};
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
    Json answer = {{"open", true},
                   {"person", invitation->staff_id},
                   {"mail", invitation->mail},
                   {"language", invitation->language},
                   {"link", linkOf(look.settings(), tokenOf(look.snapshot(), wanted))},
                   {"expires_at_ms", invitation->expires_ms}};
    if (!invitation->phone.empty()) {
        answer["phone"] = invitation->phone;
    }
    return said(answer);
}

hub::Answer askClaimContact(const Look& look)
{
    const auto claim = ClaimReadRows(look.snapshot()).claim(questionOf(look, "claim_id"));
    if (!claim || claim->phone.empty()) {
        return said({{"known", false}});
    }
    return said({{"known", true},
                 {"person", claim->claim_id},
                 {"phone", claim->phone},
                 {"language", claim->language},
                 {"state", claim->state}});
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
    Json answer = {{"known", false}};
    if (const auto login = look.rows().login(person)) {
        answer["login"] = toJson(*login, look.rows().grants(person));
        answer["login"]["keys"] = StaffReadRows(look.snapshot()).keysOf(person);
    }
    if (const auto invitation = StaffReadRows(look.snapshot()).invitationOf(person)) {
        answer["invitation"] = {{"mail", invitation->mail},
                                {"phone", invitation->phone},
                                {"language", invitation->language},
                                {"roles", toJson(invitation->roles)},
                                {"state", invitation->state},
                                {"created_at_ms", invitation->created_ms}};
    }
    if (const auto claim = ClaimReadRows(look.snapshot()).claim(person)) {
        answer["claim"] = {{"phone", claim->phone},
                           {"language", claim->language},
                           {"social_credit_code", claim->social_credit_code},
                           {"licence", claim->licence},
                           {"state", claim->state},
                           {"created_at_ms", claim->created_ms}};
    }
    answer["known"] = answer.size() > 1;
    return said(answer);
}

} // namespace identity
