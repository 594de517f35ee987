#include "store/list_rows.hpp"

namespace registration {

namespace {

constexpr std::string_view kPastOrganizations =
    "SELECT organization_id FROM registration_organization WHERE partition = 0 "
    "AND edition <> ? AND social_credit_code = ? AND social_credit_code <> '' "
    "AND state = 'archived' ORDER BY edition DESC, organization_id LIMIT 50";

/// A part of a name, with LIKE's own characters taken literally.
std::string pattern(const std::string& part)
{
    std::string escaped = "%";
    for (const char c : part) {
        if (c == '%' || c == '_' || c == '!') {
            escaped += '!';
        }
        escaped += c;
    }
    return escaped + "%";
}

/// Each node has an index of its own, so each has a condition of its own.
std::string conditionOf(const OrganizationFilter& filter)
{
    if (filter.node_kind == "delegation") {
        return "delegation_id = ?";
    }
    return filter.node_kind == "sub_delegation" ? "sub_delegation_id = ?" : "? = ''";
}

} // namespace

std::vector<std::string> listOrganizations(const hub::Snapshot& snapshot,
                                           const OrganizationFilter& filter)
{
    std::vector<std::string> ids;
    snapshot.query("SELECT organization_id FROM registration_organization WHERE partition = 0 "
                   "AND edition = ? AND " +
                       conditionOf(filter) +
                       " AND (? = '' OR state = ?) "
                       "AND (? = '' OR social_credit_code = ?) AND (? = '' OR lower(name) LIKE "
                       "lower(?) ESCAPE '!') "
                       "AND (submitted_ms > ? OR (submitted_ms = ? AND organization_id > ?)) "
                       "ORDER BY submitted_ms, organization_id LIMIT ?",
                   {filter.edition,
                    filter.node_id,
                    filter.state,
                    filter.state,
                    filter.code,
                    filter.code,
                    filter.name,
                    pattern(filter.name),
                    filter.after_ms,
                    filter.after_ms,
                    filter.after_id,
                    filter.limit},
                   [&](const hub::Row& row) { ids.push_back(row.text(0)); });
    return ids;
}

std::vector<std::string> pastOrganizations(const hub::Snapshot& snapshot,
                                           std::string_view edition,
                                           std::string_view social_credit_code)
{
    std::vector<std::string> ids;
    snapshot.query(kPastOrganizations, {edition, social_credit_code}, [&](const hub::Row& row) {
        ids.push_back(row.text(0));
    });
    return ids;
}

std::string_view pastOrganizationsStatement()
{
    return kPastOrganizations;
}

std::string organizationWithCode(const hub::Snapshot& snapshot,
                                 std::string_view edition,
                                 std::string_view social_credit_code,
                                 std::string_view except_organization_id)
{
    std::string found;
    snapshot.query("SELECT organization_id FROM registration_organization WHERE partition = 0 "
                   "AND edition = ? AND social_credit_code = ? AND organization_id <> ? "
                   "AND submitted_ms > 0 AND state <> 'disabled' LIMIT 1",
                   {edition, social_credit_code, except_organization_id},
                   [&](const hub::Row& row) { found = row.text(0); });
    return found;
}

std::vector<HistoryEntry> historyOf(const hub::Snapshot& snapshot, std::string_view subject)
{
    std::vector<HistoryEntry> entries;
    snapshot.query(
        "SELECT subject, event, state_before, state_after, reason, actor, at_ms "
        "FROM registration_history WHERE partition = 0 AND subject = ? ORDER BY seq",
        {subject},
        [&](const hub::Row& row) {
            entries.push_back(
                {{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)},
                 row.integer(6)});
        });
    return entries;
}

} // namespace registration
