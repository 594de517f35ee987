#include "store/consent_rows.hpp"

namespace registration {

std::vector<Consent> consentsOf(const hub::Snapshot& snapshot, std::string_view subject)
{
    std::vector<Consent> consents;
    snapshot.query("SELECT kind, version, given_by, given_ms, withdrawn_ms "
                   "FROM registration_consent WHERE partition = 0 AND subject = ? "
                   "ORDER BY kind, given_ms, version",
                   {subject},
                   [&](const hub::Row& row) {
                       consents.push_back(
                           {row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)});
                   });
    return consents;
}

void giveConsent(const hub::Unit& unit, std::string_view subject, const Consent& consent)
{
    unit.execute("INSERT INTO registration_consent "
                 "(partition, subject, kind, version, given_by, given_ms, withdrawn_ms) "
                 "VALUES (0, ?, ?, ?, ?, ?, 0) ON CONFLICT (partition, subject, kind, version) "
                 "DO UPDATE SET given_by = excluded.given_by, given_ms = excluded.given_ms, "
                 "withdrawn_ms = 0 WHERE registration_consent.withdrawn_ms <> 0",
                 {subject, consent.kind, consent.version, consent.given_by, consent.given_ms});
}

bool withdrawConsent(const hub::Unit& unit, std::string_view subject, std::string_view kind)
{
    return unit.execute("UPDATE registration_consent SET withdrawn_ms = ? WHERE partition = 0 "
                        "AND subject = ? AND kind = ? AND withdrawn_ms = 0",
                        {unit.nowMs(), subject, kind}) > 0;
}

std::optional<DeadlineException> findException(const hub::Snapshot& snapshot,
                                               std::string_view organization_id,
                                               std::string_view deadline)
{
    std::optional<DeadlineException> found;
    snapshot.query("SELECT deadline, until_ms, reason, granted_by, granted_ms "
                   "FROM registration_exception "
                   "WHERE partition = 0 AND organization_id = ? AND deadline = ?",
                   {organization_id, deadline},
                   [&](const hub::Row& row) {
                       found = DeadlineException{
                           row.text(0), row.integer(1), row.text(2), row.text(3), row.integer(4)};
                   });
    return found;
}

void putException(const hub::Unit& unit,
                  std::string_view organization_id,
                  const DeadlineException& exception)
{
    unit.execute("INSERT INTO registration_exception (partition, organization_id, deadline, "
                 "until_ms, reason, granted_by, granted_ms) VALUES (0, ?, ?, ?, ?, ?, ?) "
                 "ON CONFLICT (partition, organization_id, deadline) DO UPDATE SET "
                 "until_ms = excluded.until_ms, reason = excluded.reason, "
                 "granted_by = excluded.granted_by, granted_ms = excluded.granted_ms",
                 {organization_id,
                  exception.deadline,
                  exception.until_ms,
                  exception.reason,
                  exception.granted_by,
                  exception.granted_ms});
}

} // namespace registration
