#include "api/me.hpp"

#include <hub/session.hpp>

#include <algorithm>

#include <identifiers/mask.hpp>

namespace identity {

namespace {

constexpr std::string_view kPerson = "person:";

/// Empty for an API key: a key is nobody.
std::string loginOf(std::string_view principal)
{
    return principal.starts_with(kPerson) ? std::string{principal.substr(kPerson.size())} : "";
}

Refusal nobody()
{
    return {404, "not_found", {"Only a person who is logged in has this.", "仅登录用户可用。"}};
}

} // namespace

hub::Answer showMe(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const ReadRows rows(snapshot);
    const auto login = rows.login(loginOf(event.principal()));
    if (!login) {
        return refuse(nobody());
    }
    Json roles = Json::array();
    for (const Grant& grant : rows.grants(login->login_id)) {
        roles.push_back({{"role", grant.role}, {"scope_id", grant.scope_id}});
    }
    Json body = {{"login_id", login->login_id},
                 {"organization_id", login->organization_id},
                 {"phone", identifiers::maskPhone(login->phone)},
                 {"mail", identifiers::maskEmail(login->mail)},
                 {"language", login->language},
                 {"roles", std::move(roles)}};
    if (const auto organization = rows.organization(login->organization_id)) {
        body["account"] = login->account;
        body["region"] = organization->region;
        body["class"] = organization->organization_class;
    }
    return answered(200, std::move(body));
}

hub::Answer listSessions(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string login = loginOf(event.principal());
    const std::string own = readRequest(event.payload()).session.value("id", "");
    Json sessions = Json::array();
    for (const std::string& text : hub::openSessions(snapshot, login)) {
        Json session = Json::parse(text);
        session.erase("scopes");
        session["is_this"] = session.at("id") == own;
        sessions.push_back(std::move(session));
    }
    return answered(200, {{"sessions", std::move(sessions)}});
}

hub::Answer endOneSession(const Work& work, const hub::Event& event)
{
    const std::string wanted = readRequest(event.payload()).path.at("session_id");
    const auto own = hub::openSessions(work.unit(), loginOf(work.principal()));
    const bool is_own = std::any_of(own.begin(), own.end(), [&](const std::string& text) {
        return Json::parse(text).at("id") == wanted;
    });
    if (!is_own || !hub::endSession(work.unit(), wanted)) {
        return refuse(nobody());
    }
    return answered(200, {{"ended", wanted}});
}

hub::Answer askContacts(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string organization = Json::parse(event.payload()).at("organization_id");
    Json contacts = Json::array();
    for (const Login& login : ReadRows(snapshot).loginsOf(organization)) {
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
    return {HUB_OK, "", Json{{"contacts", std::move(contacts)}}.dump(), 0};
}

} // namespace identity
