// How staff come to a log-in: an organizer invites by mail, the invited person sets a password.
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer inviteStaff(const Work& work, const hub::Event& event);
hub::Answer withdrawInvitation(const Work& work, const hub::Event& event);
hub::Answer acceptInvitation(const Work& work, const hub::Event& event);
/// Of a timer: an invitation with a phone has expired.
hub::Answer forgetPhone(const Work& work);

} // namespace identity
