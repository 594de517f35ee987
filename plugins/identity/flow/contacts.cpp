#include "flow/contacts.hpp"

#include "flow/names.hpp"
#include "store/claim_rows.hpp"

namespace identity {

namespace {

constexpr std::string_view kSecond = "-2";

} // namespace

std::vector<Login> activeContacts(const Work& work, std::string_view organization_id)
{
    std::vector<Login> logins = work.rows().loginsOf(organization_id);
    std::erase_if(logins, [](const Login& login) { return login.state != kActive; });
    return logins;
}

std::string firstAccount(const std::string& account)
{
    return account.ends_with(kSecond) ? account.substr(0, account.size() - kSecond.size())
                                      : account;
}

std::string secondAccount(const std::string& account)
{
    return firstAccount(account) + std::string(kSecond);
}

Login addContact(const Work& work,
                 const Organization& organization,
                 const std::string& account,
                 const Proof& proof,
                 const Json& body)
{
    Login login;
    login.login_id = work.drawId();
    login.edition = organization.edition;
    login.organization_id = organization.organization_id;
    login.account = account;
    login.language = textOf(body, "language");
    login.name = nameOf(body);
    (proof.channel == "mail" ? login.mail : login.phone) = proof.recipient;
    login.created_ms = work.nowMs();
    if (!proof.verification_id.empty()) {
        work.rows().useProof(proof.verification_id);
    }
    work.rows().insert(login);
    work.rows().grant(login.login_id, {"contact", organization.organization_id}, work.principal());
    work.publishOf("contact.added", login, {{"by", work.principal()}});
    return login;
}

void dropContact(const Work& work, const Login& login)
{
    work.rows().setLoginState(login.login_id, kLeft);
    work.rows().revokeAll(login.login_id);
    work.endSessions(login);
    work.publishOf("contact.left", login, {{"by", work.principal()}});
}

void releaseCodeOf(const Work& work,
                   Organization organization,
                   const std::string& note,
                   const Json& told)
{
    organization.state = kReleased;
    organization.note = note;
    work.rows().setState(organization);
    for (const Login& login : work.rows().loginsOf(organization.organization_id)) {
        work.endSessions(login);
    }
    work.rows().setLoginStates(organization.organization_id, kReleased);
    ClaimRows(work.unit()).voidOthers(organization.organization_id, work.nowMs());
    work.publish("organization.code_released", organization, told);
}

} // namespace identity
