#include "flow/sessions.hpp"

#include <hub/session.hpp>

namespace identity {

hub::Answer logIn(const Work& work, const Login& login, int status)
{
    hub::SessionGrant grant;
    grant.subject = login.login_id;
    grant.scopes = Json(scopesOf(work.rows().grants(login.login_id))).dump();
    grant.expires_unix_ms = work.nowMs() + work.settings().session_ms;
    grant.idle_ms = work.settings().session_idle_ms;
    const auto session = hub::grantSession(work.unit(), grant);
    if (!session.ok()) {
        return refuse({409,
                       "no_session_for_keys",
                       {"A request with an API key can't log in a person; send it without one.",
                        "使用 API 密钥的请求不能登录个人，请去掉密钥。"}});
    }
    return answered(status,
                    {{"login_id", login.login_id},
                     {"organization_id", login.organization_id},
                     {"session_id", session.value()},
                     {"language", login.language}});
}

} // namespace identity
