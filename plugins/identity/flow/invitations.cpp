#include "flow/invitations.hpp"

#include "domain/digest.hpp"

#include <hub/person.hpp>

namespace identity {

std::string tokenOf(const hub::Snapshot& snapshot, const std::string& invitation_id)
{
    return toHex(hub::person::blindIndex(snapshot, "invitation_token", invitation_id));
}

std::string linkOf(const Settings& settings, const std::string& token)
{
    // Behind a "#": browsers send it to no server, and no log has it.
    return settings.invitation_address + "#" + token;
}

bool isUsable(const Invitation& invitation, std::int64_t now_ms) noexcept
{
    return invitation.state == kOpen && !invitation.mail.empty() && now_ms < invitation.expires_ms;
}

} // namespace identity
