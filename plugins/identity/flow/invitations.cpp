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

Refusal invitationOver()
{
    return {409,
            "invitation_over",
            {"This invitation was used, withdrawn or replaced, or is too old. Ask who invited you "
             "for a new one.",
             "该邀请已使用、撤回、被替换或已过期，请联系邀请人重新发送。"}};
}

Login loginToBe(const Invitation& invitation)
{
    Login login;
    login.login_id = invitation.staff_id;
    login.edition = invitation.edition;
    return login;
}

} // namespace identity
