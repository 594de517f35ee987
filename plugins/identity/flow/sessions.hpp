// Who has proven who they are gets a session with the scopes of their roles; staff who have no
// authenticator yet get one that lets them set it up, and nothing else.
#pragma once

#include "flow/work.hpp"

#include <string>
#include <vector>

namespace identity {

/// The one scope of a session without a second factor; no role has it.
inline constexpr const char* kEnrollScope = "totp:enroll";

/// Answers with what the portal shows after a log-in; `status` is 200 or 201, `more` are further
/// members of the body.
hub::Answer
logIn(const Work& work, const Login& login, int status, const Json& more = Json::object());

/// After a change of roles: who lost rights keeps the sessions with what is left, who gained some
/// logs in anew.
void narrowSessions(const Work& work, const Login& login);

} // namespace identity
