// Invitations of staff: the token of a link is computed from the invitation by the hub's key, so it
// is kept nowhere and can still be sent again as long as the invitation is open.
#pragma once

#include "api/answers.hpp"
#include "domain/records.hpp"
#include "settings.hpp"

#include <hub/plugin.hpp>

#include <string>

namespace identity {

/// 64 hex digits.
std::string tokenOf(const hub::Snapshot& snapshot, const std::string& invitation_id);
std::string linkOf(const Settings& settings, const std::string& token);
/// Not after its time, and not when the invited person was erased.
bool isUsable(const Invitation& invitation, std::int64_t now_ms) noexcept;

/// What whoever comes with any other token hears: nobody learns which invitations there were.
Refusal invitationOver();
/// As far as events and sessions are about somebody who has not accepted yet.
Login loginToBe(const Invitation& invitation);

} // namespace identity
