#include "identity.hpp"

#include "api/asks.hpp"
#include "api/captchas.hpp"
#include "api/claims.hpp"
#include "api/contacts.hpp"
#include "api/entry.hpp"
#include "api/invitations.hpp"
#include "api/key_holders.hpp"
#include "api/logins.hpp"
#include "api/me.hpp"
#include "api/organizations.hpp"
#include "api/passwords.hpp"
#include "api/past_logins.hpp"
#include "api/past_visitors.hpp"
#include "api/registration.hpp"
#include "api/staff.hpp"
#include "api/totp.hpp"

#include <array>
#include <string>

#include <requests/dispatch.hpp>

namespace identity {

namespace {

using UnitHandler = hub::Answer (*)(const Work&, const hub::Event&);
using ReadHandler = hub::Answer (*)(const Look&);

constexpr std::array kWrites = {
    requests::Entry<UnitHandler>{
        HUB_SOURCE_REQUEST, "organization.register", &registerOrganization},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "login.password", &logInByPassword},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "login.code", &logInByCode},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "password.reset", &resetPassword},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "me.end_session", &endOneSession},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "past_visitor.verify", &verifyPast},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "captcha.create", &createCaptcha},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.invite", &inviteStaff},
    requests::Entry<UnitHandler>{
        HUB_SOURCE_REQUEST, "staff.withdraw_invitation", &withdrawInvitation},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.accept_invitation", &acceptInvitation},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.hold_key", &holdKey},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.change_roles", &changeRoles},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.reset_totp", &resetTotp},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.leave", &leaveStaff},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "totp.begin", &beginTotp},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "totp.confirm", &confirmTotp},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "contact.create", &createContact},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "contact.replace", &replaceContact},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "contact.end", &endContact},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "me.change_contact", &changeOwnContact},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "claim.file", &fileClaim},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "claim.decide", &decideClaim},
    requests::Entry<UnitHandler>{HUB_SOURCE_COMMAND, "organization.release", &releaseCode},
    requests::Entry<UnitHandler>{HUB_SOURCE_COMMAND, "import.logins", &importPastLogins},
};

constexpr std::array kReads = {
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "entry.show", &showEntry},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "me.show", &showMe},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "me.sessions", &listSessions},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "contact.list", &listContacts},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "claim.list", &listClaims},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "staff.list", &listStaff},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "contacts", &askContacts},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "staff_invitation", &askInvitation},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "claim_contact", &askClaimContact},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "organization", &askOrganization},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "past_verification", &askPastVerification},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "person_data", &askPersonData},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "organization.show", &showOrganization},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "staff.roles_for", &showRolesFor},
};

} // namespace

Identity::Identity(hub::Host host, std::string_view create_json)
    : Plugin(host)
    , settings_(parseSettings(create_json))
{}

hub::Answer Identity::unit(hub::Unit& unit, const hub::Event& event)
{
    const Work work{unit, event, settings_};
    if (event.source() == HUB_SOURCE_TIMER) {
        return forgetPhone(work); // the only kind of timer that there is
    }
    const auto handler = requests::findHandler(kWrites, event);
    return handler == nullptr ? requests::unsupported("identity", event) : handler(work, event);
}

hub::Answer Identity::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto handler = requests::findHandler(kReads, event);
    return handler == nullptr ? requests::unsupported("identity", event)
                              : handler(Look{snapshot, event, settings_});
}

void Identity::task(const hub::Event& event, hub::Reply reply)
{
    const bool is_import = event.operation() == "import.logins";
    reply.send(is_import ? readPastLogins(host(), event) : workOut(event.payload()));
}

} // namespace identity
