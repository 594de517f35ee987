#include "store/person_list_sql.hpp"

#include <algorithm>
#include <vector>

namespace registration {

namespace {

constexpr std::string_view kColumns =
    "SELECT p.person_id, p.organization_id, o.name, p.kind, p.state, p.reason, p.category, "
    "p.order_id, p.admission_period, p.delivery_method, p.reuse, p.upgraded, p.summary, "
    "p.submitted_ms, COALESCE(c.asked_ms, 0) ";
constexpr std::string_view kPersons = "FROM registration_person p ";
constexpr std::string_view kSearched = "FROM registration_search s ";
constexpr std::string_view kFound =
    "FROM registration_search s JOIN registration_person p ON p.partition = s.partition "
    "AND p.person_id = s.person_id ";
constexpr std::string_view kBesides =
    "JOIN registration_organization o ON o.partition = p.partition "
    "AND o.organization_id = p.organization_id "
    "LEFT JOIN registration_cancellation c ON c.partition = p.partition "
    "AND c.person_id = p.person_id ";
// How many of the terms are wanted says whether a person has them all; 0 asks for none.
constexpr std::string_view kTerms =
    "AND (CASE WHEN ? = 0 THEN 1 WHEN (SELECT COUNT(*) FROM registration_search t "
    "WHERE t.partition = 0 AND t.edition = ? AND t.person_id = @.person_id "
    "AND t.term IN (?, ?, ?, ?, ?, ?, ?, ?)) = ? THEN 1 ELSE 0 END) <> 0 ";

// Of the table whose index the statement walks: '@' stands for it.
constexpr std::string_view kAfter = " AND (@.submitted_ms, @.person_id) > (?, ?) ";
constexpr std::string_view kUntil = "AND @.submitted_ms <= ? ";
constexpr std::string_view kOrder = " ORDER BY @.submitted_ms, @.person_id LIMIT ?";

std::string ofWalked(const PersonFilter& filter, std::string_view sql)
{
    std::string text{sql};
    std::replace(text.begin(), text.end(), '@', isByTerm(filter) ? 's' : 'p');
    return text;
}

/// What the walk begins with: the second parameter is the term or, of a list, the state.
std::string pathOf(const PersonFilter& filter)
{
    const std::string_view second = isByTerm(filter)            ? "@.term = ?"
                                    : onlyState(filter).empty() ? "? = ''"
                                                                : "@.state = ?";
    return ofWalked(filter,
                    "WHERE @.partition = 0 AND @.edition = ? AND " + std::string(second) + " AND " +
                        std::string(nodeOf(filter).first) + std::string(kAfter));
}

/// What each row is asked: `when_set`, or of a filter that is not set only what it costs nothing to
/// ask. Both take the same parameters, in which '' and -1 mean that it is not.
struct Condition {
    bool is_set;
    std::string_view when_set;
    std::string_view when_not;
};

// Sets come as one text, ",a,b,", in which the value is looked for; LIKE would read its '_' as any
// character.
std::vector<Condition> conditionsOf(const PersonFilter& filter)
{
    constexpr std::string_view kNoText = "? = ''";
    constexpr std::string_view kNoSet = "? = '' AND ? = ''";
    constexpr std::string_view kNoFlag = "? = -1";
    return {
        {!filter.organization_id.empty(), "p.organization_id = ?", kNoText},
        {!filter.delegation_id.empty(), "p.delegation_id = ?", kNoText},
        {!filter.sub_delegation_id.empty(), "p.sub_delegation_id = ?", kNoText},
        {!filter.states.empty(),
         "? <> '' AND ? LIKE '%,' || REPLACE(p.state, '_', '!_') || ',%' ESCAPE '!'",
         kNoSet},
        {!filter.categories.empty(),
         "? <> '' AND ? LIKE '%,' || REPLACE(p.category, '_', '!_') || ',%' ESCAPE '!'",
         kNoSet},
        {!filter.kind.empty(), "p.kind = ?", kNoText},
        {!filter.admission_period.empty(), "p.admission_period = ?", kNoText},
        {!filter.delivery_method.empty(), "p.delivery_method = ?", kNoText},
        {filter.reuse.has_value(), "p.reuse = ?", kNoFlag},
        {filter.keeps_old_badge.has_value(), "p.reuse * (1 - p.upgraded) = ?", kNoFlag},
        {filter.cancellation_asked,
         "? = 1 AND EXISTS (SELECT 1 FROM registration_cancellation a "
         "WHERE a.partition = 0 AND a.person_id = p.person_id)",
         "? = 0"},
        {!filter.organization.empty(),
         "? <> '' AND p.organization_id IN (SELECT n.organization_id "
         "FROM registration_organization n WHERE n.partition = 0 AND n.edition = ? "
         "AND (n.social_credit_code = ? OR LOWER(n.name) LIKE LOWER(?) ESCAPE '!'))",
         "? = '' AND ? <> '' AND ? = '' AND ? <> ''"},
    };
}

/// All are one term: of many, SQLite expects so few rows that it would rather sort them than walk
/// the index in its order.
std::string filtersOf(const PersonFilter& filter)
{
    std::string all;
    for (const Condition& one : conditionsOf(filter)) {
        all += (all.empty() ? "" : " AND ") + std::string(one.is_set ? one.when_set : one.when_not);
    }
    return "AND (CASE WHEN " + all + " THEN 1 ELSE 0 END) <> 0";
}

std::string fromWhere(const PersonFilter& filter, std::string_view besides)
{
    return std::string(isByTerm(filter) ? kFound : kPersons) + std::string(besides) +
           pathOf(filter) + ofWalked(filter, kUntil) + ofWalked(filter, kTerms) + filtersOf(filter);
}

} // namespace

bool isByTerm(const PersonFilter& filter)
{
    return !filter.terms.empty() && filter.organization_id.empty();
}

std::pair<std::string_view, std::string_view> nodeOf(const PersonFilter& filter)
{
    if (!filter.organization_id.empty()) {
        return {"@.organization_id = ?", filter.organization_id};
    }
    if (!filter.sub_delegation_id.empty()) {
        return {"@.sub_delegation_id = ? AND @.sub_delegation_id <> ''", filter.sub_delegation_id};
    }
    if (!filter.delegation_id.empty()) {
        return {"@.delegation_id = ? AND @.delegation_id <> ''", filter.delegation_id};
    }
    return {"? = ''", ""};
}

std::string_view onlyState(const PersonFilter& filter)
{
    const bool is_group = filter.terms.empty() && filter.organization_id.empty();
    return is_group && filter.states.size() == 1 ? toText(filter.states.front())
                                                 : std::string_view("");
}

bool isCountedByTerm(const PersonFilter& filter)
{
    return isByTerm(filter) && filter.states.empty() && !filter.looksAtPersons();
}

std::string listSql(const PersonFilter& filter)
{
    return std::string(kColumns) + fromWhere(filter, kBesides) + ofWalked(filter, kOrder);
}

std::string countSql(const PersonFilter& filter)
{
    const std::string counted = isCountedByTerm(filter)
                                    ? std::string(kSearched) + pathOf(filter) +
                                          ofWalked(filter, kUntil) + ofWalked(filter, kTerms)
                                    : fromWhere(filter, "");
    return "SELECT COUNT(*) FROM (SELECT 1 " + counted + " LIMIT ?) counted";
}

std::string windowSql(const PersonFilter& filter)
{
    return ofWalked(filter, "SELECT @.submitted_ms ") +
           std::string(isByTerm(filter) ? kSearched : kPersons) + pathOf(filter) +
           ofWalked(filter, "ORDER BY @.submitted_ms, @.person_id LIMIT 1 OFFSET ?");
}

std::string organizationsSql(const PersonFilter& filter)
{
    std::string node{nodeOf(filter).first};
    std::replace(node.begin(), node.end(), '@', 'n');
    return "SELECT n.organization_id FROM registration_organization n WHERE n.partition = 0 "
           "AND n.edition = ? AND " +
           node +
           " AND (n.social_credit_code = ? OR LOWER(n.name) LIKE LOWER(?) ESCAPE '!') LIMIT ?";
}

std::string facetSql()
{
    return "SELECT CAST(COALESCE(SUM(f.n), 0) AS BIGINT) FROM registration_facet f "
           "WHERE f.partition = 0 AND f.edition = ? AND f.node_kind = ? AND f.node_id = ? "
           "AND (? = '' OR ? LIKE '%,' || REPLACE(f.state, '_', '!_') || ',%' ESCAPE '!') "
           "AND (? = '' OR ? LIKE '%,' || REPLACE(f.category, '_', '!_') || ',%' ESCAPE '!') "
           "AND (? = '' OR f.kind = ?) AND (? = '' OR f.admission_period = ?) "
           "AND (? = '' OR f.delivery_method = ?) AND COALESCE(NULLIF(?, -1), f.reuse) = f.reuse "
           "AND COALESCE(NULLIF(?, -1), f.reuse * (1 - f.upgraded)) = f.reuse * (1 - f.upgraded)";
}

std::string frequencySql()
{
    return "SELECT COUNT(*) FROM (SELECT 1 FROM registration_search s WHERE s.partition = 0 "
           "AND s.edition = ? AND s.term = ? LIMIT ?) counted";
}

} // namespace registration
