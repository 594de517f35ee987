#include "flow/sessions.hpp"

#include <hub/session.hpp>

#include <algorithm>
#include <iterator>

namespace identity {

namespace {

constexpr std::int64_t kEnrollMs = std::int64_t{30} * 60'000;

bool mayOnlyEnroll(const Login& login)
{
    return login.isStaff() && !login.hasSecondFactor();
}

} // namespace

hub::Answer logIn(const Work& work, const Login& login, int status, const Json& more)
{
    hub::SessionGrant grant;
    grant.subject = login.login_id;
    grant.scopes = mayOnlyEnroll(login) ? Json{kEnrollScope}.dump()
                                        : Json(scopesOf(work.rows().grants(login.login_id))).dump();
    grant.expires_unix_ms =
        work.nowMs() + (mayOnlyEnroll(login) ? kEnrollMs : work.settings().session_ms);
    grant.idle_ms = work.settings().session_idle_ms;
    const auto session = hub::grantSession(work.unit(), grant);
    if (!session.ok()) {
        return refuse({409,
                       "no_session_for_keys",
                       {"A request with an API key can't log in a person; send it without one.",
                        "使用 API 密钥的请求不能登录个人，请去掉密钥。"}});
    }
    Json body = {{"login_id", login.login_id},
                 {"organization_id", login.organization_id},
                 {"session_id", session.value()},
                 {"language", login.language},
                 {"enroll_totp", mayOnlyEnroll(login)}};
    body.update(more);
    return answered(status, std::move(body));
}

void narrowSessions(const Work& work, const Login& login)
{
    const auto now = scopesOf(work.rows().grants(login.login_id)); // sorted
    for (const std::string& text : hub::openSessions(work.unit(), login.login_id)) {
        const Json session = Json::parse(text);
        std::vector<std::string> before = session.at("scopes");
        std::sort(before.begin(), before.end());
        std::vector<std::string> left;
        std::set_intersection(
            before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(left));
        const std::string id = session.at("id");
        if (left.empty() || !std::includes(before.begin(), before.end(), now.begin(), now.end())) {
            hub::endSession(work.unit(), id);
        } else {
            hub::rescopeSession(work.unit(), id, Json(left).dump());
        }
    }
}

} // namespace identity
