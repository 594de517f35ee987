#include "store/person_list.hpp"

#include "store/person_list_sql.hpp"

#include <hub/person.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

namespace registration {

namespace {

/// Whether the group's facets tell how many there are.
bool isCountedByFacets(const PersonFilter& filter)
{
    const bool is_one_node = filter.organization_id.empty() &&
                             (filter.delegation_id.empty() || filter.sub_delegation_id.empty());
    return is_one_node && filter.terms.empty() && filter.organization.empty() &&
           !filter.cancellation_asked;
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
        return filter.terms.empty() ? hub::Blob{}
                                    : hub::Blob{filter.terms[i < filter.terms.size() ? i : 0]};
    }

    hub::Parameter second() const
    {
        return isByTerm(filter) ? hub::Parameter{term(0)} : hub::Parameter{onlyState(filter)};
    }

    /// Terms that each person is asked for: not the one by which all were found.
    std::size_t checked() const
    {
        return isByTerm(filter) && filter.terms.size() == 1 ? 0 : filter.terms.size();
    }

    const PersonFilter& filter;
    const ListPosition& after;
    std::int64_t until_ms;
    std::size_t limit;
    std::string states;
    std::string categories;
    std::string pattern;
};

/// A list, or how many it has.
template <typename RowFunction>
void ask(const hub::Snapshot& snapshot,
         const std::string& sql,
         const Wanted& wanted,
         RowFunction row)
{
    const PersonFilter& filter = wanted.filter;
    snapshot.query(sql,
                   {filter.edition,
                    wanted.second(),
                    nodeOf(filter).second,
                    wanted.after.submitted_ms,
                    wanted.after.person_id,
                    wanted.until_ms,
                    wanted.checked(),
                    filter.edition,
                    wanted.term(0),
                    wanted.term(1),
                    wanted.term(2),
                    wanted.term(3),
                    wanted.term(4),
                    wanted.term(5),
                    wanted.term(6),
                    wanted.term(7),
                    wanted.checked(),
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
                    wanted.limit},
                   row);
}

/// The same without a look at the persons.
template <typename RowFunction>
void askTerms(const hub::Snapshot& snapshot,
              const std::string& sql,
              const Wanted& wanted,
              RowFunction row)
{
    const PersonFilter& filter = wanted.filter;
    snapshot.query(sql,
                   {filter.edition,
                    wanted.second(),
                    nodeOf(filter).second,
                    wanted.after.submitted_ms,
                    wanted.after.person_id,
                    wanted.until_ms,
                    wanted.checked(),
                    filter.edition,
                    wanted.term(0),
                    wanted.term(1),
                    wanted.term(2),
                    wanted.term(3),
                    wanted.term(4),
                    wanted.term(5),
                    wanted.term(6),
                    wanted.term(7),
                    wanted.checked(),
                    wanted.limit},
                   row);
}

PersonCount countFacets(const hub::Snapshot& snapshot, const PersonFilter& filter)
{
    const ListPosition start;
    const Wanted wanted(filter, start, std::nullopt, 0);
    std::pair<std::string_view, std::string_view> node = {"edition", filter.edition};
    if (!filter.sub_delegation_id.empty()) {
        node = {"sub_delegation", filter.sub_delegation_id};
    } else if (!filter.delegation_id.empty()) {
        node = {"delegation", filter.delegation_id};
    }
    PersonCount count;
    snapshot.query(
        facetSql(),
        {filter.edition,
         node.first,
         node.second,
         wanted.states,
         wanted.states,
         wanted.categories,
         wanted.categories,
         filter.kind,
         filter.kind,
         filter.admission_period,
         filter.admission_period,
         filter.delivery_method,
         filter.delivery_method,
         flagOf(filter.reuse),
         flagOf(filter.keeps_old_badge)},
        [&](const hub::Row& row) { count.n = static_cast<std::size_t>(row.integer(0)); });
    return count;
}

/// Whether each row of the path is wanted, or they are an organization's few.
bool isShort(const PersonFilter& filter)
{
    const bool is_one_walk = filter.terms.empty()
                                 ? filter.states.size() <= 1
                                 : filter.terms.size() == 1 && filter.states.empty();
    return !filter.organization_id.empty() || (is_one_walk && !filter.looksAtPersons());
}

/// When the last of the next `rows` was submitted; nothing when the list ends before.
std::optional<std::int64_t> windowEnd(const hub::Snapshot& snapshot,
                                      const PersonFilter& filter,
                                      const ListPosition& after,
                                      std::size_t rows)
{
    std::optional<std::int64_t> end_ms;
    snapshot.query(windowSql(filter),
                   {filter.edition,
                    Wanted(filter, after, std::nullopt, rows).second(),
                    nodeOf(filter).second,
                    after.submitted_ms,
                    after.person_id,
                    rows},
                   [&](const hub::Row& row) { end_ms = row.integer(0); });
    return end_ms;
}

/// How far one read looks, a part after the other: most pages are full after the first.
std::vector<std::size_t> windowsOf(const PersonFilter& filter)
{
    constexpr std::size_t kFirst = 500;
    constexpr std::size_t kGrowth = 7;
    // Each further term is looked up for each person.
    std::size_t left = filter.window / std::max<std::size_t>(1, filter.terms.size());
    std::vector<std::size_t> windows;
    for (std::size_t next = kFirst; left > 0; next *= kGrowth) {
        windows.push_back(std::min(next, left));
        left -= windows.back();
    }
    return windows;
}

/// The term that finds the fewest leads: of the others, each person is asked.
PersonFilter ledByRarest(const hub::Snapshot& snapshot, PersonFilter filter)
{
    constexpr std::size_t kLookedAt = 2'000; // beyond that all are common
    if (!isByTerm(filter) || filter.terms.size() < 2) {
        return filter;
    }
    std::size_t fewest = kLookedAt + 1;
    std::size_t leader = 0;
    for (std::size_t i = 0; i < filter.terms.size(); ++i) {
        snapshot.query(frequencySql(),
                       {filter.edition, hub::Blob{filter.terms[i]}, kLookedAt},
                       [&](const hub::Row& row) {
                           const auto n = static_cast<std::size_t>(row.integer(0));
                           leader = n < fewest ? i : leader;
                           fewest = std::min(n, fewest);
                       });
    }
    std::swap(filter.terms.front(), filter.terms[leader]);
    return filter;
}

/// Those that the text means, when they are so few that each one's persons are asked for; nothing
/// when no text was given, or one that means many.
std::optional<std::vector<std::string>> fewOrganizations(const hub::Snapshot& snapshot,
                                                         const PersonFilter& filter)
{
    constexpr std::size_t kFew = 20;
    if (filter.organization.empty() || !filter.organization_id.empty()) {
        return std::nullopt;
    }
    std::vector<std::string> ids;
    snapshot.query(organizationsSql(filter),
                   {filter.edition,
                    nodeOf(filter).second,
                    filter.organization,
                    containing(filter.organization),
                    kFew + 1},
                   [&](const hub::Row& row) { ids.push_back(row.text(0)); });
    return ids.size() > kFew ? std::nullopt : std::optional(std::move(ids));
}

PersonFilter ofOrganization(PersonFilter filter, const std::string& organization_id)
{
    filter.organization.clear();
    filter.organization_id = organization_id;
    return filter;
}

/// The organizations' lists as one.
PersonPage listOrganizations(const hub::Snapshot& snapshot,
                             const PersonFilter& filter,
                             const std::vector<std::string>& organizations,
                             const ListPosition& after,
                             std::size_t limit)
{
    const auto isBefore = [](const auto& one, const auto& other) {
        return std::tie(one.submitted_ms, one.person_id) <
               std::tie(other.submitted_ms, other.person_id);
    };
    PersonPage all;
    for (const std::string& id : organizations) {
        PersonPage page = listPersons(snapshot, ofOrganization(filter, id), after, limit);
        std::move(page.persons.begin(), page.persons.end(), std::back_inserter(all.persons));
        if (page.next && (!all.next || isBefore(*page.next, *all.next))) {
            all.next = std::move(page.next);
        }
    }
    // Up to where every organization has told its persons.
    std::erase_if(all.persons, [&](const ListedPerson& person) {
        return all.next && isBefore(*all.next, person);
    });
    std::sort(all.persons.begin(), all.persons.end(), isBefore);
    if (all.persons.size() > limit) {
        all.persons.resize(limit);
        all.next = {all.persons.back().submitted_ms, all.persons.back().person_id};
    }
    return all;
}

PersonCount countOrganizations(const hub::Snapshot& snapshot,
                               const PersonFilter& filter,
                               const std::vector<std::string>& organizations,
                               std::size_t limit)
{
    PersonCount all;
    for (const std::string& id : organizations) {
        const PersonCount one = countPersons(snapshot, ofOrganization(filter, id), limit);
        all.n += one.n;
        all.more = all.more || one.more;
    }
    all.more = all.more || all.n > limit;
    all.n = std::min(all.n, limit);
    return all;
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

/// Up to a full page, the end of the list or of the last window.
PersonPage walkPage(const hub::Snapshot& snapshot,
                    const PersonFilter& filter,
                    const ListPosition& after,
                    std::size_t limit)
{
    PersonPage page;
    const auto take = [&](const hub::Row& row) {
        page.persons.push_back(readListed(snapshot, row));
    };
    const auto walk = [&](const ListPosition& from, std::optional<std::int64_t> end_ms) {
        const std::size_t missing = limit + 1 - page.persons.size();
        ask(snapshot, listSql(filter), Wanted(filter, from, end_ms, missing), take);
        if (page.persons.size() <= limit) {
            return false;
        }
        page.persons.pop_back();
        const ListedPerson& last = page.persons.back();
        page.next = {last.submitted_ms, last.person_id};
        return true;
    };
    if (isShort(filter)) {
        walk(after, std::nullopt);
        return page;
    }
    ListPosition from = after;
    for (const std::size_t rows : windowsOf(filter)) {
        const auto end_ms = windowEnd(snapshot, filter, from, rows);
        if (walk(from, end_ms) || !end_ms) {
            return page;
        }
        from = {*end_ms + 1, "0"}; // before whoever came then
    }
    page.next = from;
    return page;
}

/// From the beginning to the end of the last window.
std::optional<std::int64_t> countedEnd(const hub::Snapshot& snapshot, const PersonFilter& filter)
{
    const std::size_t rows = filter.window / std::max<std::size_t>(1, filter.terms.size());
    return isShort(filter) ? std::nullopt : windowEnd(snapshot, filter, ListPosition{}, rows);
}

} // namespace

bool PersonFilter::looksAtPersons() const
{
    return !categories.empty() || !kind.empty() || !admission_period.empty() ||
           !delivery_method.empty() || !organization.empty() || reuse || keeps_old_badge ||
           cancellation_asked;
}

bool PersonFilter::isOfStatesAlone() const
{
    return terms.empty() && !looksAtPersons();
}

PersonPage listPersons(const hub::Snapshot& snapshot,
                       const PersonFilter& asked,
                       const ListPosition& after,
                       std::size_t limit)
{
    if (const auto few = fewOrganizations(snapshot, asked)) {
        return listOrganizations(snapshot, asked, *few, after, limit);
    }
    const PersonFilter filter = ledByRarest(snapshot, asked);
    PersonPage page = walkPage(snapshot, filter, after, limit);
    if (!filter.terms.empty()) {
        // Who was erased is found by no value, also where a restored backup still has the indexes.
        std::erase_if(page.persons,
                      [](const ListedPerson& person) { return person.summary.empty(); });
    }
    return page;
}

PersonCount
countPersons(const hub::Snapshot& snapshot, const PersonFilter& asked, std::size_t limit)
{
    if (isCountedByFacets(asked)) {
        return countFacets(snapshot, asked);
    }
    if (const auto few = fewOrganizations(snapshot, asked)) {
        return countOrganizations(snapshot, asked, *few, limit);
    }
    const PersonFilter filter = ledByRarest(snapshot, asked);
    const ListPosition start;
    const auto end_ms = countedEnd(snapshot, filter);
    const Wanted wanted(filter, start, end_ms, limit + 1);
    PersonCount count;
    const auto take = [&](const hub::Row& row) {
        count.n = static_cast<std::size_t>(row.integer(0));
    };
    if (isCountedByTerm(filter)) {
        askTerms(snapshot, countSql(filter), wanted, take);
    } else {
        ask(snapshot, countSql(filter), wanted, take);
    }
    count.more = count.n > limit || end_ms.has_value();
    count.n = std::min(count.n, limit);
    return count;
}

} // namespace registration
