// Who has proven who they are gets a session with the scopes of their roles.
#pragma once

#include "flow/work.hpp"

namespace identity {

/// Answers with what the portal shows after a log-in; `status` is 200 or 201.
hub::Answer logIn(const Work& work, const Login& login, int status);

} // namespace identity
