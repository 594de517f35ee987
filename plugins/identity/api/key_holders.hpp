// Named holders of API keys become log-ins: a holder shows the key together with the invitation, so
// that what the key did and what the log-in does are known to be the same person's.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

/// Asked with the key and the token of an open invitation.
hub::Answer holdKey(const Work& work, const hub::Event& event);

/// The command: which roles have all the scopes of a key.
hub::Answer showRolesFor(const Look& look);

} // namespace identity
