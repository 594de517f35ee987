#include "api/me.hpp"

#include "flow/actor.hpp"
#include "flow/grants.hpp"
#include "store/staff_rows.hpp"

#include <hub/session.hpp>

#include <algorithm>

#include <identifiers/mask.hpp>

namespace identity {

namespace {

Refusal nobody()
{
    return {404, "not_found", {"Only a person who is logged in has this.", "仅登录用户可用。"}};
}

} // namespace

hub::Answer showMe(const Look& look)
{
    const auto login = look.rows().login(loginOf(look.event().principal()));
    if (!login) {
        return refuse(nobody());
    }
    Json body = {
        {"login_id", login->login_id},
        {"organization_id", login->organization_id},
        {"account", login->isStaff() ? identifiers::maskEmail(login->mail) : login->account},
        {"name", login->name},
        {"phone", identifiers::maskPhone(login->phone)},
        {"mail", identifiers::maskEmail(login->mail)},
        {"language", login->language},
        {"roles", toJson(look.rows().grants(login->login_id))}};
    if (const auto organization = look.rows().organization(login->organization_id)) {
        body["region"] = organization->region;
        body["class"] = organization->organization_class;
    } else {
        body["recovery_codes_left"] =
            StaffReadRows(look.snapshot()).countRecoveryCodes(login->login_id);
    }
    return answered(200, std::move(body));
}

hub::Answer listSessions(const Look& look)
{
    const std::string own = look.request().session.value("id", "");
    Json sessions = Json::array();
    for (const std::string& text :
         hub::openSessions(look.snapshot(), loginOf(look.event().principal()))) {
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

} // namespace identity
