#include "api/person_lists.hpp"

#include "api/person_query.hpp"
#include "domain/person_list.hpp"
#include "flow/rule.hpp"
#include "store/count_rows.hpp"
#include "store/person_list.hpp"

#include <map>
#include <utility>

namespace registration {

namespace {

using requests::Request;

// Beyond this nobody counts; lists say "10,000+".
constexpr std::size_t kCountMax = 10'000;

/// One line, as far as the edition's columns go.
Json lineOf(const ListedPerson& person,
            const std::vector<ListColumn>& columns,
            const Edition& edition)
{
    const bool keeps_badge = person.reuse && !person.upgraded;
    const auto amount = edition.amountOf(person.category, person.admission_period, keeps_badge);
    const Json all = {{"name", requests::textOf(person.summary, "name")},
                      {"kind", person.kind},
                      {"nationality", requests::textOf(person.summary, "nationality")},
                      {"document_masked", requests::textOf(person.summary, "document_masked")},
                      {"organization_name", person.organization_name},
                      {"position", requests::textOf(person.summary, "position")},
                      {"category", person.category},
                      {"state", toText(person.state)},
                      {"admission_period", person.admission_period},
                      {"amount_minor", amount ? Json(*amount) : Json(nullptr)},
                      {"delivery_method", person.delivery_method},
                      {"badge_status", badgeStatusOf(person.state, keeps_badge)},
                      {"reuse", person.reuse},
                      {"cancellation_asked", person.cancellation_asked}};
    Json line = {{"person_id", person.person_id},
                 {"organization_id", person.organization_id},
                 {"order_id", person.order_id},
                 {"reason", reasonOf(person.reason, person.summary)},
                 {"category_title", toJson(categoryTitle(person.category, edition))},
                 {"state_title", toJson(titleOf(person.state, edition))},
                 {"submitted_ms", person.submitted_ms}};
    for (const ListColumn& column : columns) {
        line[std::string(column.name)] = all.at(std::string(column.name));
    }
    return line;
}

/// Of the narrowest node that the filter names.
std::map<std::string, std::int64_t> maintainedCounts(const hub::Snapshot& snapshot,
                                                     const PersonFilter& filter)
{
    std::pair<const char*, std::string> node = {"edition", filter.edition};
    if (!filter.organization_id.empty()) {
        node = {"organization", filter.organization_id};
    } else if (!filter.sub_delegation_id.empty()) {
        node = {"sub_delegation", filter.sub_delegation_id};
    } else if (!filter.delegation_id.empty()) {
        node = {"delegation", filter.delegation_id};
    }
    auto counts = countsOf(snapshot, filter.edition, node.first, node.second, "person");
    // They are their organization's own until they are submitted.
    counts.erase(std::string(toText(PersonState::JoinRequested)));
    counts.erase(std::string(toText(PersonState::Saved)));
    return counts;
}

Json totalOf(const hub::Snapshot& snapshot, const PersonFilter& filter, const PersonPage& page)
{
    if (!filter.terms.empty() && !page.next) {
        return {{"n", page.persons.size()}, {"more", false}};
    }
    if (!filter.isOfStatesAlone()) {
        const PersonCount counted = countPersons(snapshot, filter, kCountMax);
        return {{"n", counted.n}, {"more", counted.more}};
    }
    const auto counts = maintainedCounts(snapshot, filter);
    std::int64_t n = 0;
    if (filter.states.empty()) {
        for (const auto& [state, count] : counts) {
            n += count;
        }
    }
    for (const PersonState state : filter.states) {
        const auto found = counts.find(std::string(toText(state)));
        n += found == counts.end() ? 0 : found->second;
    }
    return {{"n", n}, {"more", false}};
}

} // namespace

hub::Answer listPersonsOfGroup(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    PersonQuery query;
    if (const auto refused = readPersonQuery(snapshot, event, request, query)) {
        return requests::refuse(*refused);
    }
    const PersonPage page = listPersons(snapshot, query.filter, query.after, query.limit);
    const auto columns = columnsOf(query.edition);
    Json items = Json::array();
    for (const ListedPerson& person : page.persons) {
        items.push_back(lineOf(person, columns, query.edition));
    }
    return requests::answered(
        200,
        {{"columns", toJson(columns)},
         {"items", std::move(items)},
         {"total", query.is_first_page ? totalOf(snapshot, query.filter, page) : Json(nullptr)},
         {"next_cursor", page.next ? Json(cursorOf(*page.next)) : Json(nullptr)}});
}

hub::Answer showPersonCounts(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    PersonQuery query;
    if (const auto refused = readPersonQuery(snapshot, event, request, query)) {
        return requests::refuse(*refused);
    }
    Json counts = Json::array();
    for (const auto& [state, n] : maintainedCounts(snapshot, query.filter)) {
        counts.push_back({{"state", state},
                          {"title", toJson(titleOf(parsePersonState(state), query.edition))},
                          {"n", n}});
    }
    return requests::answered(200, {{"counts", std::move(counts)}});
}

} // namespace registration
