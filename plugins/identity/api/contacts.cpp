#include "api/contacts.hpp"

#include "flow/actor.hpp"
#include "flow/contacts.hpp"
#include "flow/proofs.hpp"
#include "flow/reconfirmation.hpp"

#include <hub/session.hpp>

#include <algorithm>

#include <identifiers/mask.hpp>

namespace identity {

namespace {

constexpr std::string_view kPurpose = "contact_change";

Refusal isFull()
{
    return {409,
            "contacts_full",
            {"An organization has two contacts at most. Replace one of them instead.",
             "每个单位最多两名联络员，请更换其中一名。"}};
}

Refusal isYourself()
{
    return {409,
            "contact_is_yourself",
            {"Name a successor instead, so that somebody is left.",
             "不能移除自己，请指定接任联络员。"}};
}

/// Who asks, with the organization that they act for.
struct Actor {
    Login login;
    Organization organization;
};

std::variant<Actor, Refusal> readActor(const Work& work)
{
    auto login = work.rows().login(loginOf(work.principal()));
    if (!login || login->state != kActive) {
        return notFound();
    }
    auto organization = work.rows().organization(login->organization_id);
    if (!organization || organization->state != kActive) {
        return notFound();
    }
    return Actor{std::move(*login), std::move(*organization)};
}

/// The contact of the path, if it is one of the actor's organization.
std::optional<Login> findContact(const Work& work, const Actor& actor, const Request& request)
{
    const std::string wanted = request.path.at("login_id");
    for (Login& login : activeContacts(work, actor.organization.organization_id)) {
        if (login.login_id == wanted) {
            return std::move(login);
        }
    }
    return std::nullopt;
}

std::variant<Proof, hub::Answer>
confirmed(const Work& work, const Request& request, const Login& login)
{
    auto proof = checkProof(work, request.body.at("verification"), kPurpose);
    if (const auto* refusal = std::get_if<Refusal>(&proof)) {
        return refuse(*refusal);
    }
    if (auto answer = reconfirm(work, request, login)) {
        return std::move(*answer);
    }
    return std::get<Proof>(std::move(proof));
}

Json toJson(const Login& login)
{
    return {{"login_id", login.login_id},
            {"account", login.account},
            {"name", identifiers::maskName(login.name)},
            {"phone", identifiers::maskPhone(login.phone)},
            {"mail", identifiers::maskEmail(login.mail)},
            {"language", login.language},
            {"has_password", !login.password.empty()}};
}

} // namespace

hub::Answer listContacts(const Look& look)
{
    const std::string own = loginOf(look.event().principal());
    const std::string organization = aboutOf(look.request(), "organization:");
    if (organization.empty()) {
        return refuse(notFound());
    }
    Json contacts = Json::array();
    for (const Login& login : look.rows().loginsOf(organization)) {
        if (login.state == kActive) {
            contacts.push_back(toJson(login));
            contacts.back()["is_you"] = login.login_id == own;
        }
    }
    return answered(200, {{"contacts", std::move(contacts)}});
}

hub::Answer createContact(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto found = readActor(work);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return refuse(*refusal);
    }
    const Actor& actor = std::get<Actor>(found);
    const auto contacts = activeContacts(work, actor.organization.organization_id);
    if (contacts.size() >= kContactsMax) {
        return refuse(isFull());
    }
    const auto proof = confirmed(work, request, actor.login);
    if (const auto* answer = std::get_if<hub::Answer>(&proof)) {
        return *answer;
    }
    const std::string second = secondAccount(actor.login.account);
    const Login login = addContact(work,
                                   actor.organization,
                                   actor.login.account == second ? firstAccount(second) : second,
                                   std::get<Proof>(proof),
                                   request.body);
    return answered(201, toJson(login));
}

hub::Answer replaceContact(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto found = readActor(work);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return refuse(*refusal);
    }
    const Actor& actor = std::get<Actor>(found);
    const auto leaver = findContact(work, actor, request);
    if (!leaver) {
        return refuse(notFound());
    }
    const auto proof = confirmed(work, request, actor.login);
    if (const auto* answer = std::get_if<hub::Answer>(&proof)) {
        return *answer;
    }
    dropContact(work, *leaver);
    const Login login =
        addContact(work, actor.organization, leaver->account, std::get<Proof>(proof), request.body);
    return answered(200, toJson(login));
}

hub::Answer endContact(const Work& work, const hub::Event& event)
{
    const auto found = readActor(work);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return refuse(*refusal);
    }
    const Actor& actor = std::get<Actor>(found);
    const auto leaver = findContact(work, actor, readRequest(event.payload()));
    if (!leaver) {
        return refuse(notFound());
    }
    if (leaver->login_id == actor.login.login_id) {
        return refuse(isYourself());
    }
    dropContact(work, *leaver);
    return answered(200, {{"login_id", leaver->login_id}, {"state", kLeft}});
}

hub::Answer changeOwnContact(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    auto found = readActor(work);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return refuse(*refusal);
    }
    Login& login = std::get<Actor>(found).login;
    const auto confirmation = confirmed(work, request, login);
    if (const auto* answer = std::get_if<hub::Answer>(&confirmation)) {
        return *answer;
    }
    const Proof& proof = std::get<Proof>(confirmation);
    work.rows().useProof(proof.verification_id);
    (proof.channel == "mail" ? login.mail : login.phone) = proof.recipient;
    work.rows().setPhone(login);
    work.rows().setMail(login);
    hub::endSessions(work.unit(), login.login_id, textOf(request.session, "id"));
    work.publishOf("contact.changed", login, {{"by", work.principal()}});
    return answered(200, toJson(login));
}

} // namespace identity
