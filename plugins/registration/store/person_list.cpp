#include "store/person_list.hpp"

#include <hub/person.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace registration {

namespace {

constexpr std::string_view kColumns =
    "SELECT p.person_id, p.organization_id, o.name, p.kind, p.state, p.reason, p.category, "
    "p.order_id, p.admission_period, p.delivery_method, p.reuse, p.upgraded, p.summary, "
    "p.submitted_ms, COALESCE(c.asked_ms, 0) ";
constexpr std::string_view kPersons = "FROM registration_person p ";
constexpr std::string_view kFound =
    "FROM registration_search s JOIN registration_person p ON p.partition = s.partition "
    "AND p.person_id = s.person_id ";
constexpr std::string_view kBesides =
    "JOIN registration_organization o ON o.partition = p.partition "
    "AND o.organization_id = p.organization_id "
    "LEFT JOIN registration_cancellation c ON c.partition = p.partition "
    "AND c.person_id = p.person_id ";
// One term leads to the persons, the number of all that are wanted says whether each has them all.
constexpr std::string_view kTerms =
    " AND s.partition = 0 AND s.edition = ? AND s.term = ? "
    "AND (SELECT COUNT(*) FROM registration_search t WHERE t.partition = 0 "
    "AND t.edition = s.edition AND t.person_id = p.person_id "
    "AND t.term IN (?, ?, ?, ?, ?, ?, ?, ?)) = ?";
// What is '' or -1 keeps everybody. Sets come as one text, ",a,b,", in which the value is looked
// for; LIKE would read its '_' as any character. All are one term: of many, SQLite expects so few
// rows that it would rather sort them than walk the index in its order.
constexpr std::string_view kFilters =
    " AND (CASE WHEN COALESCE(NULLIF(?, ''), p.organization_id) = p.organization_id "
    "AND COALESCE(NULLIF(?, ''), p.delegation_id) = p.delegation_id "
    "AND COALESCE(NULLIF(?, ''), p.sub_delegation_id) = p.sub_delegation_id "
    "AND (? = '' OR ? LIKE '%,' || REPLACE(p.state, '_', '!_') || ',%' ESCAPE '!') "
    "AND (? = '' OR ? LIKE '%,' || REPLACE(p.category, '_', '!_') || ',%' ESCAPE '!') "
    "AND COALESCE(NULLIF(?, ''), p.kind) = p.kind "
    "AND COALESCE(NULLIF(?, ''), p.admission_period) = p.admission_period "
    "AND COALESCE(NULLIF(?, ''), p.delivery_method) = p.delivery_method "
    "AND COALESCE(NULLIF(?, -1), p.reuse) = p.reuse "
    "AND COALESCE(NULLIF(?, -1), p.reuse * (1 - p.upgraded)) = p.reuse * (1 - p.upgraded) "
    "AND (? = 0 OR EXISTS (SELECT 1 FROM registration_cancellation a "
    "WHERE a.partition = 0 AND a.person_id = p.person_id)) "
    "AND (? = '' OR p.organization_id IN (SELECT n.organization_id "
    "FROM registration_organization n WHERE n.partition = 0 AND n.edition = ? "
    "AND (n.social_credit_code = ? OR LOWER(n.name) LIKE LOWER(?) ESCAPE '!'))) "
    "THEN 1 ELSE 0 END) <> 0";
constexpr std::string_view kAfter = " AND (p.submitted_ms, p.person_id) > (?, ?)";
constexpr std::string_view kUntil = " AND p.submitted_ms <= ?";
constexpr std::string_view kOrder = " ORDER BY p.submitted_ms, p.person_id LIMIT ?";

/// Of the narrowest index that the filter allows; what is found by terms is few enough for any.
std::pair<std::string_view, std::string_view> nodeOf(const PersonFilter& filter)
{
    if (filter.terms.empty()) {
        if (!filter.organization_id.empty()) {
            return {"p.organization_id = ?", filter.organization_id};
        }
        if (!filter.sub_delegation_id.empty()) {
            return {"p.sub_delegation_id = ?", filter.sub_delegation_id};
        }
        if (!filter.delegation_id.empty()) {
            return {"p.delegation_id = ?", filter.delegation_id};
        }
    }
    return {"? = ''", ""};
}

/// For the index of a group's states; an organization's persons and those of a term are few.
std::string_view onlyState(const PersonFilter& filter)
{
    const bool is_group = filter.terms.empty() && filter.organization_id.empty();
    return is_group && filter.states.size() == 1 ? toText(filter.states.front())
                                                 : std::string_view("");
}

std::string pathOf(const PersonFilter& filter)
{
    return "WHERE p.partition = 0 AND p.edition = ? AND " + std::string(nodeOf(filter).first) +
           (onlyState(filter).empty() ? " AND ? = ''" : " AND p.state = ?");
}

std::string fromWhere(const PersonFilter& filter, std::string_view besides)
{
    const bool by_terms = !filter.terms.empty();
    return std::string(by_terms ? kFound : kPersons) + std::string(besides) + pathOf(filter) +
           std::string(by_terms ? kTerms : "") + std::string(kFilters) + std::string(kAfter) +
           std::string(kUntil);
}

int flagOf(const std::optional<bool>& wanted)
{
    return wanted ? static_cast<int>(*wanted) : -1;
}

/// ",a,b,"; '' of an empty set.
template <typename Item, typename Text>
std::string setOf(const std::vector<Item>& items, Text text)
{
    std::string set = items.empty() ? "" : ",";
    for (const Item& item : items) {
        set += std::string(text(item)) + ",";
    }
    return set;
}

/// "%text%" with what LIKE would read as a pattern taken as it is.
std::string containing(const std::string& text)
{
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!') {
            pattern += '!';
        }
        pattern += c;
    }
    return pattern + "%";
}

/// A filter as its parameters, and what they borrow from.
struct Wanted {
    Wanted(const PersonFilter& asked,
           const ListPosition& position,
           std::optional<std::int64_t> end_ms,
           std::size_t rows)
        : filter(asked)
        , after(position)
        , until_ms(end_ms.value_or(std::numeric_limits<std::int64_t>::max()))
        , limit(rows)
        , states(setOf(asked.states, [](PersonState state) { return toText(state); }))
        , categories(setOf(asked.categories, [](const std::string& id) { return id; }))
        , pattern(containing(asked.organization))
    {}

    /// A term that is asked for twice is found once.
    hub::Blob term(std::size_t i) const
    {
        return hub::Blob{filter.terms[i < filter.terms.size() ? i : 0]};
    }

    const PersonFilter& filter;
    const ListPosition& after;
    std::int64_t until_ms;
    std::size_t limit;
    std::string states;
    std::string categories;
    std::string pattern;
};

template <typename RowFunction>
void queryAll(const hub::Snapshot& snapshot,
              const std::string& sql,
              const Wanted& wanted,
              RowFunction row)
{
    const PersonFilter& filter = wanted.filter;
    snapshot.query(sql,
                   {filter.edition,
                    nodeOf(filter).second,
                    onlyState(filter),
                    filter.organization_id,
                    filter.delegation_id,
                    filter.sub_delegation_id,
                    wanted.states,
                    wanted.states,
                    wanted.categories,
                    wanted.categories,
                    filter.kind,
                    filter.admission_period,
                    filter.delivery_method,
                    flagOf(filter.reuse),
                    flagOf(filter.keeps_old_badge),
                    filter.cancellation_asked,
                    filter.organization,
                    filter.edition,
                    filter.organization,
                    wanted.pattern,
                    wanted.after.submitted_ms,
                    wanted.after.person_id,
                    wanted.until_ms,
                    wanted.limit},
                   row);
}

template <typename RowFunction>
void queryFound(const hub::Snapshot& snapshot,
                const std::string& sql,
                const Wanted& wanted,
                RowFunction row)
{
    const PersonFilter& filter = wanted.filter;
    snapshot.query(sql,
                   {filter.edition,
                    nodeOf(filter).second,
                    onlyState(filter),
                    filter.edition,
                    wanted.term(0),
                    wanted.term(0),
                    wanted.term(1),
                    wanted.term(2),
                    wanted.term(3),
                    wanted.term(4),
                    wanted.term(5),
                    wanted.term(6),
                    wanted.term(7),
                    filter.terms.size(),
                    filter.organization_id,
                    filter.delegation_id,
                    filter.sub_delegation_id,
                    wanted.states,
                    wanted.states,
                    wanted.categories,
                    wanted.categories,
                    filter.kind,
                    filter.admission_period,
                    filter.delivery_method,
                    flagOf(filter.reuse),
                    flagOf(filter.keeps_old_badge),
                    filter.cancellation_asked,
                    filter.organization,
                    filter.edition,
                    filter.organization,
                    wanted.pattern,
                    wanted.after.submitted_ms,
                    wanted.after.person_id,
                    wanted.until_ms,
                    wanted.limit},
                   row);
}

template <typename RowFunction>
void ask(const hub::Snapshot& snapshot,
         const std::string& sql,
         const Wanted& wanted,
         RowFunction row)
{
    if (wanted.filter.terms.empty()) {
        queryAll(snapshot, sql, wanted, row);
    } else {
        queryFound(snapshot, sql, wanted, row);
    }
}

/// Whether each row of the path is wanted, or they are few: found by terms or of an organization.
bool isShort(const PersonFilter& filter)
{
    return !filter.terms.empty() || !filter.organization_id.empty() ||
           (filter.isOfStatesAlone() && filter.states.size() <= 1);
}

/// When the last of the window was submitted; nothing when the list ends before.
std::optional<std::int64_t>
windowEnd(const hub::Snapshot& snapshot, const PersonFilter& filter, const ListPosition& after)
{
    std::optional<std::int64_t> end_ms;
    if (!isShort(filter)) {
        snapshot.query(windowSql(filter),
                       {filter.edition,
                        nodeOf(filter).second,
                        onlyState(filter),
                        after.submitted_ms,
                        after.person_id,
                        filter.window},
                       [&](const hub::Row& row) { end_ms = row.integer(0); });
    }
    return end_ms;
}

/// Nothing is shown of an erased person, and of whom nothing is known nothing was sealed.
requests::Json
openedSummary(const hub::Snapshot& snapshot, const std::string& person_id, const std::string& bytes)
{
    const auto text =
        bytes.empty() ? std::nullopt : hub::person::open(snapshot, person_id, "summary", bytes);
    return text ? requests::Json::parse(*text) : requests::Json::object();
}

ListedPerson readListed(const hub::Snapshot& snapshot, const hub::Row& row)
{
    ListedPerson person;
    person.person_id = row.text(0);
    person.organization_id = row.text(1);
    person.organization_name = row.text(2);
    person.kind = row.text(3);
    person.state = parsePersonState(row.text(4));
    person.reason = row.text(5);
    person.category = row.text(6);
    person.order_id = row.text(7);
    person.admission_period = row.text(8);
    person.delivery_method = row.text(9);
    person.reuse = row.integer(10) != 0;
    person.upgraded = row.integer(11) != 0;
    person.summary = openedSummary(snapshot, person.person_id, row.text(12));
    person.submitted_ms = row.integer(13);
    person.cancellation_asked = row.integer(14) != 0;
    return person;
}

} // namespace

bool PersonFilter::isOfStatesAlone() const
{
    return categories.empty() && kind.empty() && admission_period.empty() &&
           delivery_method.empty() && organization.empty() && !reuse && !keeps_old_badge &&
           !cancellation_asked && terms.empty();
}

std::string listSql(const PersonFilter& filter)
{
    return std::string(kColumns) + fromWhere(filter, kBesides) + std::string(kOrder);
}

std::string countSql(const PersonFilter& filter)
{
    return "SELECT COUNT(*) FROM (SELECT 1 " + fromWhere(filter, "") + " LIMIT ?) counted";
}

std::string windowSql(const PersonFilter& filter)
{
    return "SELECT p.submitted_ms " + std::string(kPersons) + pathOf(filter) + std::string(kAfter) +
           " ORDER BY p.submitted_ms, p.person_id LIMIT 1 OFFSET ?";
}

PersonPage listPersons(const hub::Snapshot& snapshot,
                       const PersonFilter& filter,
                       const ListPosition& after,
                       std::size_t limit)
{
    const auto end_ms = windowEnd(snapshot, filter, after);
    PersonPage page;
    ask(snapshot,
        listSql(filter),
        Wanted(filter, after, end_ms, limit + 1),
        [&](const hub::Row& row) { page.persons.push_back(readListed(snapshot, row)); });
    if (page.persons.size() > limit) {
        page.persons.pop_back();
        const ListedPerson& last = page.persons.back();
        page.next = {last.submitted_ms, last.person_id};
    } else if (end_ms) {
        page.next = {*end_ms + 1, "0"}; // before whoever came then
    }
    if (!filter.terms.empty()) {
        // Who was erased is found by no value, also where a restored backup still has the indexes.
        std::erase_if(page.persons,
                      [](const ListedPerson& person) { return person.summary.empty(); });
    }
    return page;
}

PersonCount
countPersons(const hub::Snapshot& snapshot, const PersonFilter& filter, std::size_t limit)
{
    const ListPosition start;
    const auto end_ms = windowEnd(snapshot, filter, start);
    PersonCount count;
    ask(snapshot,
        countSql(filter),
        Wanted(filter, start, end_ms, limit + 1),
        [&](const hub::Row& row) { count.n = static_cast<std::size_t>(row.integer(0)); });
    count.more = count.n > limit || end_ms.has_value();
    count.n = std::min(count.n, limit);
    return count;
}

} // namespace registration
