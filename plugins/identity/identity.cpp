#include "identity.hpp"

#include "api/asks.hpp"
#include "api/captchas.hpp"
#include "api/claims.hpp"
#include "api/contacts.hpp"
#include "api/entry.hpp"
#include "api/invitations.hpp"
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

namespace identity {

namespace {

template <typename Handler>
struct Entry {
    std::uint32_t source;
    std::string_view operation;
    Handler handler;
};

using UnitHandler = hub::Answer (*)(const Work&, const hub::Event&);
using ReadHandler = hub::Answer (*)(const Look&);

constexpr std::array kWrites = {
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "organization.register", &registerOrganization},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "login.password", &logInByPassword},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "login.code", &logInByCode},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "password.reset", &resetPassword},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "me.end_session", &endOneSession},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "past_visitor.verify", &verifyPast},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "captcha.create", &createCaptcha},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.invite", &inviteStaff},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.withdraw_invitation", &withdrawInvitation},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.accept_invitation", &acceptInvitation},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.change_roles", &changeRoles},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.reset_totp", &resetTotp},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "staff.leave", &leaveStaff},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "totp.begin", &beginTotp},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "totp.confirm", &confirmTotp},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "contact.create", &createContact},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "contact.replace", &replaceContact},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "contact.end", &endContact},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "me.change_contact", &changeOwnContact},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "claim.file", &fileClaim},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "claim.decide", &decideClaim},
    Entry<UnitHandler>{HUB_SOURCE_COMMAND, "organization.release", &releaseCode},
    Entry<UnitHandler>{HUB_SOURCE_COMMAND, "import.logins", &importPastLogins},
};

constexpr std::array kReads = {
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "entry.show", &showEntry},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "me.show", &showMe},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "me.sessions", &listSessions},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "contact.list", &listContacts},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "claim.list", &listClaims},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "staff.list", &listStaff},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "contacts", &askContacts},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "staff_invitation", &askInvitation},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "claim_contact", &askClaimContact},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "organization", &askOrganization},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "past_verification", &askPastVerification},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "person_data", &askPersonData},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "organization.show", &showOrganization},
};

template <typename Table>
const auto* find(const Table& table, const hub::Event& event)
{
    for (const auto& entry : table) {
        if (entry.source == event.source() && entry.operation == event.operation()) {
            return &entry;
        }
    }
    return static_cast<decltype(table.data())>(nullptr);
}

hub::Answer unsupported(const hub::Event& event)
{
    return {HUB_UNSUPPORTED,
            "identity does not know the operation \"" + std::string{event.operation()} + "\"",
            "",
            0};
}

} // namespace

Identity::Identity(hub::Host host, std::string_view create_json)
    : Plugin(host)
    , settings_(parseSettings(create_json))
{}

hub::Answer Identity::unit(hub::Unit& unit, const hub::Event& event)
{
    const auto* entry = find(kWrites, event);
    return entry == nullptr ? unsupported(event)
                            : entry->handler(Work{unit, event, settings_}, event);
}

hub::Answer Identity::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto* entry = find(kReads, event);
    return entry == nullptr ? unsupported(event) : entry->handler(Look{snapshot, event, settings_});
}

void Identity::task(const hub::Event& event, hub::Reply reply)
{
    const bool is_import = event.operation() == "import.logins";
    reply.send(is_import ? readPastLogins(host(), event) : workOut(event.payload()));
}

} // namespace identity
