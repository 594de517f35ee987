#include "store/staff_rows.hpp"

#include "domain/digest.hpp"

#include <hub/person.hpp>

#include <identifiers/email.hpp>
#include <nlohmann/json.hpp>

namespace identity {

namespace {

using Json = nlohmann::json;

constexpr const char* kMail = "mail";
constexpr const char* kPhone = "phone";

constexpr std::string_view kInvitationColumns =
    "SELECT invitation_id, edition, staff_id, token_digest, mail, language, roles, state, "
    "invited_by, created_ms, expires_ms, phone FROM identity_invitation WHERE partition = 0 AND ";

} // namespace

Invitation StaffReadRows::readInvitation(const hub::Row& row) const
{
    Invitation invitation;
    invitation.invitation_id = row.text(0);
    invitation.edition = row.text(1);
    invitation.staff_id = row.text(2);
    invitation.token_digest = row.text(3);
    invitation.mail =
        hub::person::open(snapshot_, invitation.staff_id, kMail, row.text(4)).value_or("");
    invitation.language = row.text(5);
    for (const Json& role : Json::parse(row.text(6))) {
        invitation.roles.push_back({role.at(0), role.at(1), role.at(2)});
    }
    invitation.state = row.text(7);
    invitation.invited_by = row.text(8);
    invitation.created_ms = row.integer(9);
    invitation.expires_ms = row.integer(10);
    if (!row.isNull(11)) {
        invitation.phone =
            hub::person::open(snapshot_, invitation.staff_id, kPhone, row.text(11)).value_or("");
    }
    return invitation;
}

std::optional<Invitation> StaffReadRows::invitation(std::string_view invitation_id) const
{
    std::optional<Invitation> found;
    snapshot_.query(std::string(kInvitationColumns) + "invitation_id = ?",
                    {invitation_id},
                    [&](const hub::Row& row) { found = readInvitation(row); });
    return found;
}

std::optional<Invitation> StaffReadRows::invitationOf(std::string_view staff_id) const
{
    std::optional<Invitation> found;
    snapshot_.query(std::string(kInvitationColumns) + "staff_id = ?",
                    {staff_id},
                    [&](const hub::Row& row) { found = readInvitation(row); });
    return found;
}

std::optional<Invitation> StaffReadRows::invitationByToken(std::string_view token_digest) const
{
    std::optional<Invitation> found;
    snapshot_.query(std::string(kInvitationColumns) + "token_digest = ? AND state = 'open'",
                    {token_digest},
                    [&](const hub::Row& row) { found = readInvitation(row); });
    return found;
}

std::optional<Invitation> StaffReadRows::invitationByMail(std::string_view edition,
                                                          std::string_view mail) const
{
    const std::string index =
        hub::person::blindIndex(snapshot_, kMail, identifiers::emailKey(mail));
    std::optional<Invitation> found;
    snapshot_.query(std::string(kInvitationColumns) +
                        "edition = ? AND mail_index = ? AND state = 'open'",
                    {edition, hub::Blob{index}},
                    [&](const hub::Row& row) { found = readInvitation(row); });
    return found;
}

std::vector<Invitation> StaffReadRows::openInvitations(std::string_view edition) const
{
    std::vector<Invitation> found;
    snapshot_.query(std::string(kInvitationColumns) +
                        "edition = ? AND state = 'open' ORDER BY invitation_id",
                    {edition},
                    [&](const hub::Row& row) { found.push_back(readInvitation(row)); });
    return found;
}

std::vector<std::string> StaffReadRows::staff(std::string_view edition,
                                              std::string_view delegation_id,
                                              std::string_view after,
                                              std::int64_t limit) const
{
    std::vector<std::string> ids;
    snapshot_.query(
        "SELECT login_id FROM identity_login WHERE partition = 0 AND edition = ? "
        "AND organization_id = '' AND login_id > ? AND (? = '' OR login_id IN "
        "(SELECT login_id FROM identity_role WHERE partition = 0 AND (delegation_id = ? OR "
        "(role = 'delegation' AND scope_id = ?)))) ORDER BY login_id LIMIT ?",
        {edition, after, delegation_id, delegation_id, delegation_id, limit},
        [&](const hub::Row& row) { ids.push_back(row.text(0)); });
    return ids;
}

std::int64_t StaffReadRows::countRecoveryCodes(std::string_view login_id) const
{
    std::int64_t count = 0;
    snapshot_.query(
        "SELECT COUNT(*) FROM identity_recovery_code WHERE partition = 0 AND login_id = ?",
        {login_id},
        [&](const hub::Row& row) { count = row.integer(0); });
    return count;
}

std::string StaffReadRows::holderOf(std::string_view edition, std::string_view key_id) const
{
    std::string holder;
    snapshot_.query("SELECT staff_id FROM identity_key_holder "
                    "WHERE partition = 0 AND edition = ? AND key_id = ?",
                    {edition, key_id},
                    [&](const hub::Row& row) { holder = row.text(0); });
    return holder;
}

std::vector<std::string> StaffReadRows::keysOf(std::string_view staff_id) const
{
    std::vector<std::string> keys;
    snapshot_.query("SELECT key_id FROM identity_key_holder "
                    "WHERE partition = 0 AND staff_id = ? ORDER BY key_id",
                    {staff_id},
                    [&](const hub::Row& row) { keys.push_back(row.text(0)); });
    return keys;
}

void StaffRows::setHolder(std::string_view edition,
                          std::string_view key_id,
                          std::string_view staff_id,
                          std::int64_t now_ms) const
{
    unit_.execute("INSERT INTO identity_key_holder (partition, edition, key_id, staff_id, held_ms) "
                  "VALUES (0, ?, ?, ?, ?) ON CONFLICT (partition, edition, key_id) "
                  "DO UPDATE SET staff_id = excluded.staff_id, held_ms = excluded.held_ms",
                  {edition, key_id, staff_id, now_ms});
}

void StaffRows::insert(const Invitation& invitation) const
{
    Json roles = Json::array();
    for (const Grant& grant : invitation.roles) {
        roles.push_back({grant.role, grant.scope_id, grant.delegation_id});
    }
    const std::string mail = hub::person::seal(unit_, invitation.staff_id, kMail, invitation.mail);
    const std::string index =
        hub::person::blindIndex(unit_, kMail, identifiers::emailKey(invitation.mail));
    unit_.execute("INSERT INTO identity_invitation (partition, invitation_id, edition, staff_id, "
                  "token_digest, mail, mail_index, language, roles, state, invited_by, created_ms, "
                  "expires_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {invitation.invitation_id,
                   invitation.edition,
                   invitation.staff_id,
                   invitation.token_digest,
                   hub::Blob{mail},
                   hub::Blob{index},
                   invitation.language,
                   roles.dump(),
                   invitation.state,
                   invitation.invited_by,
                   invitation.created_ms,
                   invitation.expires_ms});
    if (!invitation.phone.empty()) {
        const std::string phone =
            hub::person::seal(unit_, invitation.staff_id, kPhone, invitation.phone);
        unit_.execute("UPDATE identity_invitation SET phone = ? "
                      "WHERE partition = 0 AND invitation_id = ?",
                      {hub::Blob{phone}, invitation.invitation_id});
    }
}

void StaffRows::close(const Invitation& invitation) const
{
    unit_.execute("UPDATE identity_invitation SET state = ?, phone = NULL "
                  "WHERE partition = 0 AND invitation_id = ?",
                  {invitation.state, invitation.invitation_id});
}

void StaffRows::forgetPhones(std::int64_t now_ms) const
{
    unit_.execute("UPDATE identity_invitation SET phone = NULL "
                  "WHERE partition = 0 AND phone IS NOT NULL AND expires_ms <= ?",
                  {now_ms});
}

void StaffRows::setRecoveryCodes(std::string_view login_id,
                                 const std::vector<std::string>& codes) const
{
    unit_.execute("DELETE FROM identity_recovery_code WHERE partition = 0 AND login_id = ?",
                  {login_id});
    for (const std::string& code : codes) {
        unit_.execute("INSERT INTO identity_recovery_code (partition, login_id, digest) "
                      "VALUES (0, ?, ?)",
                      {login_id, recoveryDigest(login_id, code)});
    }
}

bool StaffRows::useRecoveryCode(std::string_view login_id, std::string_view code) const
{
    return unit_.execute("DELETE FROM identity_recovery_code "
                         "WHERE partition = 0 AND login_id = ? AND digest = ?",
                         {login_id, recoveryDigest(login_id, code)}) > 0;
}

/// Keyed by the hub: codes are short enough to be guessed by who has a copy of the table.
std::string StaffRows::recoveryDigest(std::string_view login_id, std::string_view code) const
{
    return toHex(hub::person::blindIndex(
        unit_, "recovery_code", std::string(login_id) + ":" + std::string(code)));
}

} // namespace identity
