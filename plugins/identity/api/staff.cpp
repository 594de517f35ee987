#include "api/staff.hpp"

#include "flow/actor.hpp"
#include "flow/grants.hpp"
#include "flow/sessions.hpp"
#include "store/staff_rows.hpp"

#include <algorithm>

#include <identifiers/mask.hpp>

namespace identity {

namespace {

constexpr std::int64_t kPage = 100;

Refusal isYourself()
{
    return {409,
            "staff_is_yourself",
            {"Nobody changes their own access. Ask another organizer to do it.",
             "不能更改自己的权限，请由其他组委会人员操作。"}};
}

/// Whom the path names, unless it is who asks.
std::variant<Login, Refusal> readTarget(const Work& work, const Request& request)
{
    const std::string wanted = request.path.at("staff_id");
    auto login = work.rows().login(wanted);
    if (!login || !login->isStaff() || login->edition != work.edition() ||
        login->state != kActive) {
        return notFound();
    }
    if (loginOf(work.principal()) == wanted) {
        return isYourself();
    }
    return std::move(*login);
}

Json toJson(const Login& login, const std::vector<Grant>& grants)
{
    return {{"staff_id", login.login_id},
            {"name", identifiers::maskName(login.name)},
            {"mail", identifiers::maskEmail(login.mail)},
            {"language", login.language},
            {"state", login.state},
            {"has_totp", login.hasSecondFactor()},
            {"roles", toJson(grants)}};
}

bool concerns(const Grant& grant, const std::string& delegation_id)
{
    return grant.delegation_id == delegation_id ||
           (grant.role == "delegation" && grant.scope_id == delegation_id);
}

/// Of the whole list, or of what a delegation may see of it.
std::vector<Grant> visible(std::vector<Grant> grants, const std::string& delegation_id)
{
    if (!delegation_id.empty()) {
        std::erase_if(grants, [&](const Grant& one) { return !concerns(one, delegation_id); });
    }
    return grants;
}

Json invitationsOf(const Look& look, const std::string& delegation_id)
{
    Json list = Json::array();
    for (const Invitation& one : StaffReadRows(look.snapshot()).openInvitations(look.edition())) {
        const std::vector<Grant> grants = visible(one.roles, delegation_id);
        if (!grants.empty()) {
            list.push_back({{"invitation_id", one.invitation_id},
                            {"mail", identifiers::maskEmail(one.mail)},
                            {"roles", toJson(grants)},
                            {"is_expired", one.expires_ms <= look.nowMs()},
                            {"expires_at", toRfc3339(one.expires_ms)}});
        }
    }
    return list;
}

} // namespace

hub::Answer listStaff(const Look& look)
{
    const Request request = look.request();
    const std::string delegation_id = aboutOf(request, "delegation:");
    const auto ids =
        StaffReadRows(look.snapshot())
            .staff(look.edition(), delegation_id, textOf(request.query, "after"), kPage);
    Json list = Json::array();
    for (const std::string& id : ids) {
        if (const auto login = look.rows().login(id)) {
            Json one = toJson(*login, visible(look.rows().grants(id), delegation_id));
            one["keys"] = StaffReadRows(look.snapshot()).keysOf(id);
            list.push_back(std::move(one));
        }
    }
    Json body = {{"staff", std::move(list)}, {"invitations", invitationsOf(look, delegation_id)}};
    if (ids.size() == static_cast<std::size_t>(kPage)) {
        body["next"] = ids.back();
    }
    return answered(200, std::move(body));
}

hub::Answer changeRoles(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto target = readTarget(work, request);
    if (const auto* refusal = std::get_if<Refusal>(&target)) {
        return refuse(*refusal);
    }
    const auto roles = readGrants(request.body.at("roles"));
    if (const auto* refusal = std::get_if<Refusal>(&roles)) {
        return refuse(*refusal);
    }
    const Login& login = std::get<Login>(target);
    work.rows().revokeAll(login.login_id);
    for (const Grant& grant : std::get<std::vector<Grant>>(roles)) {
        work.rows().grant(login.login_id, grant, work.principal());
    }
    narrowSessions(work, login);
    work.publishOf("staff.roles_changed", login, {{"by", work.principal()}});
    return answered(200, toJson(login, work.rows().grants(login.login_id)));
}

hub::Answer resetTotp(const Work& work, const hub::Event& event)
{
    auto target = readTarget(work, readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&target)) {
        return refuse(*refusal);
    }
    Login& login = std::get<Login>(target);
    login.totp.clear();
    login.totp_step = 0;
    work.rows().setTotp(login);
    StaffRows(work.unit()).setRecoveryCodes(login.login_id, {});
    work.endSessions(login);
    work.publishOf("staff.totp_reset", login, {{"by", work.principal()}});
    return answered(200, toJson(login, work.rows().grants(login.login_id)));
}

hub::Answer leaveStaff(const Work& work, const hub::Event& event)
{
    auto target = readTarget(work, readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&target)) {
        return refuse(*refusal);
    }
    Login& login = std::get<Login>(target);
    login.state = kLeft;
    work.rows().setLoginState(login.login_id, kLeft);
    work.rows().revokeAll(login.login_id);
    work.endSessions(login);
    work.publishOf("staff.left", login, {{"by", work.principal()}});
    return answered(200, {{"staff_id", login.login_id}, {"state", kLeft}});
}

} // namespace identity
