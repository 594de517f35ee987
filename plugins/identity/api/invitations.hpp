// How staff come to a log-in: an organizer invites by mail, the invited person sets a password.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

hub::Answer inviteStaff(const Work& work, const hub::Event& event);
hub::Answer withdrawInvitation(const Work& work, const hub::Event& event);
hub::Answer acceptInvitation(const Work& work, const hub::Event& event);

/// For the plugin that sends it: to whom, and the link; only as long as it can be accepted.
hub::Answer askInvitation(const Look& look);

} // namespace identity
