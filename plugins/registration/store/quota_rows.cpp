#include "store/quota_rows.hpp"

#include "domain/weakness.hpp"

namespace registration {

namespace {

constexpr std::string_view kQuotaColumns =
    "SELECT node_kind, node_id, category, total, allocated, reserved FROM registration_quota "
    "WHERE partition = 0 AND edition = ? AND node_kind = ? AND node_id = ?";

// Of an edition its delegations; of a group its sub-delegations and its own organizations.
constexpr std::string_view kBelowEdition =
    "SELECT q.node_kind, q.node_id, q.category, q.total, q.allocated, q.reserved "
    "FROM registration_quota q WHERE q.partition = 0 AND q.edition = ? "
    "AND q.node_kind = 'delegation' AND q.edition = ? ORDER BY q.node_id, q.category LIMIT 1000";
constexpr std::string_view kBelowDelegation =
    "SELECT q.node_kind, q.node_id, q.category, q.total, q.allocated, q.reserved "
    "FROM registration_delegation d JOIN registration_quota q ON q.partition = d.partition "
    "AND q.edition = d.edition AND q.node_kind = 'sub_delegation' AND q.node_id = d.delegation_id "
    "WHERE d.partition = 0 AND d.edition = ? AND d.parent_id = ? "
    "ORDER BY q.node_id, q.category LIMIT 1000";
constexpr std::string_view kOrganizationsBelow =
    "SELECT q.node_kind, q.node_id, q.category, q.total, q.allocated, q.reserved "
    "FROM registration_organization o JOIN registration_quota q ON q.partition = o.partition "
    "AND q.edition = o.edition AND q.node_kind = 'organization' AND q.node_id = o.organization_id "
    "WHERE o.partition = 0 AND o.edition = ? AND ";
// CROSS JOIN: SQLite begins with the organization's persons, never with every reservation.
constexpr std::string_view kReservations =
    "SELECT r.person_id, r.edition, r.node_kind, r.node_id, r.category "
    "FROM registration_person p CROSS JOIN registration_reservation r "
    "WHERE r.partition = p.partition AND r.person_id = p.person_id "
    "AND p.partition = 0 AND p.organization_id = ? ORDER BY r.person_id";
constexpr std::string_view kTakeOne =
    "UPDATE registration_quota SET reserved = reserved + 1 WHERE partition = 0 "
    "AND edition = ? AND node_kind = ? AND node_id = ? AND category = ?";
constexpr std::string_view kIfFree = " AND allocated + reserved < total";
constexpr std::string_view kOrdered = " ORDER BY q.node_id, q.category LIMIT 1000";

// By the index alone; of the edition over all delegations.
constexpr std::string_view kCategorized =
    "SELECT COUNT(*) FROM registration_person WHERE partition = 0 AND ";
constexpr std::string_view kSubmittedStates =
    " AND state IN ('submitted', 'to_be_categorized', 'to_be_locked', 'to_be_paid', "
    "'to_be_reviewed', 'passed')";

Quota readQuota(const hub::Row& row)
{
    return {
        {row.text(0), row.text(1)}, row.text(2), row.integer(3), row.integer(4), row.integer(5)};
}

Reservation readReservation(const hub::Row& row)
{
    return {row.text(0), row.text(1), {row.text(2), row.text(3)}, row.text(4)};
}

} // namespace

Quota findQuota(const hub::Snapshot& snapshot,
                std::string_view edition,
                const QuotaNode& node,
                std::string_view category)
{
    Quota found;
    found.node = node;
    found.category = category;
    snapshot.query(std::string(kQuotaColumns) + " AND category = ?",
                   {edition, node.kind, node.id, category},
                   [&](const hub::Row& row) { found = readQuota(row); });
    return found;
}

std::vector<Quota>
quotasOf(const hub::Snapshot& snapshot, std::string_view edition, const QuotaNode& node)
{
    std::vector<Quota> quotas;
    snapshot.query(std::string(kQuotaColumns) + " ORDER BY category",
                   {edition, node.kind, node.id},
                   [&](const hub::Row& row) { quotas.push_back(readQuota(row)); });
    return quotas;
}

std::vector<Quota>
quotasBelow(const hub::Snapshot& snapshot, std::string_view edition, const QuotaNode& node)
{
    std::vector<Quota> quotas;
    const auto add = [&](const std::string& sql) {
        snapshot.query(sql, {edition, node.id}, [&](const hub::Row& row) {
            quotas.push_back(readQuota(row));
        });
    };
    if (node.kind == "edition") {
        add(std::string(kBelowEdition));
    } else if (node.kind == "delegation") {
        add(std::string(kBelowDelegation));
        add(std::string(kOrganizationsBelow) + "o.delegation_id = ? AND o.sub_delegation_id = ''" +
            std::string(kOrdered));
    } else if (node.kind == "sub_delegation") {
        add(std::string(kOrganizationsBelow) + "o.sub_delegation_id = ?" + std::string(kOrdered));
    }
    return quotas;
}

std::string categorizedSql(const QuotaNode& node)
{
    const std::string column = node.kind + (node.kind == "edition" ? " = " : "_id = ");
    return std::string(kCategorized) + "edition = ? AND " + column + "? AND category = ?" +
           std::string(kSubmittedStates);
}

std::int64_t countCategorized(const hub::Snapshot& snapshot,
                              std::string_view edition,
                              const QuotaNode& node,
                              std::string_view category)
{
    std::int64_t count = 0;
    snapshot.query(categorizedSql(node), {edition, node.id, category}, [&](const hub::Row& row) {
        count = row.integer(0);
    });
    return count;
}

bool setTotal(const hub::Unit& unit,
              std::string_view edition,
              const QuotaNode& node,
              std::string_view category,
              std::int64_t total)
{
    return unit.execute("INSERT INTO registration_quota "
                        "(partition, edition, node_kind, node_id, category, total, allocated, "
                        "reserved) VALUES (0, ?, ?, ?, ?, ?, 0, 0) "
                        "ON CONFLICT (partition, edition, node_kind, node_id, category) "
                        "DO UPDATE SET total = excluded.total "
                        "WHERE registration_quota.allocated + registration_quota.reserved "
                        "<= excluded.total",
                        {edition, node.kind, node.id, category, total}) == 1;
}

bool allocate(const hub::Unit& unit,
              std::string_view edition,
              const QuotaNode& node,
              std::string_view category,
              std::int64_t n)
{
    return unit.execute("UPDATE registration_quota SET allocated = allocated + ? "
                        "WHERE partition = 0 AND edition = ? AND node_kind = ? AND node_id = ? "
                        "AND category = ? AND allocated + ? >= 0 "
                        "AND allocated + reserved + ? <= total",
                        {n, edition, node.kind, node.id, category, n, n}) == 1;
}

bool reserve(const hub::Unit& unit, const Reservation& reservation)
{
    const QuotaNode& node = reservation.node;
    const bool is_free =
        unit.execute(std::string(kTakeOne) +
                         (REGISTRATION_WEAK("quota-check-in-read") ? "" : std::string(kIfFree)),
                     {reservation.edition, node.kind, node.id, reservation.category}) == 1;
    if (is_free) {
        unit.execute(
            "INSERT INTO registration_reservation "
            "(partition, person_id, edition, node_kind, node_id, category) "
            "VALUES (0, ?, ?, ?, ?, ?)",
            {reservation.person_id, reservation.edition, node.kind, node.id, reservation.category});
    }
    return is_free;
}

void release(const hub::Unit& unit, const Reservation& reservation)
{
    const QuotaNode& node = reservation.node;
    if (unit.execute("UPDATE registration_quota SET reserved = reserved - 1 WHERE partition = 0 "
                     "AND edition = ? AND node_kind = ? AND node_id = ? AND category = ? "
                     "AND reserved > 0",
                     {reservation.edition, node.kind, node.id, reservation.category}) != 1) {
        throw hub::UnitFailure(HUB_INTERNAL,
                               "the quota " + reservation.category + " of " + node.kind + " " +
                                   node.id + " counts fewer places than persons hold");
    }
    unit.execute("DELETE FROM registration_reservation WHERE partition = 0 AND person_id = ?",
                 {reservation.person_id});
}

std::optional<Reservation> findReservation(const hub::Snapshot& snapshot,
                                           std::string_view person_id)
{
    std::optional<Reservation> found;
    snapshot.query("SELECT person_id, edition, node_kind, node_id, category "
                   "FROM registration_reservation WHERE partition = 0 AND person_id = ?",
                   {person_id},
                   [&](const hub::Row& row) { found = readReservation(row); });
    return found;
}

std::vector<Reservation> reservationsOf(const hub::Snapshot& snapshot,
                                        std::string_view organization_id)
{
    std::vector<Reservation> reservations;
    snapshot.query(kReservations, {organization_id}, [&](const hub::Row& row) {
        reservations.push_back(readReservation(row));
    });
    return reservations;
}

std::string_view reservationsStatement()
{
    return kReservations;
}

} // namespace registration
