#include "api/person_query.hpp"

#include "domain/person_list.hpp"
#include "domain/search_terms.hpp"
#include "flow/access.hpp"
#include "store/edition_rows.hpp"
#include "store/rows.hpp"
#include "store/search_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace registration {

namespace {

using requests::Request;

// Longer parts of a name find hardly fewer persons, and leave no place for what is searched beside
// it.
constexpr std::size_t kNameTermsMax = 6;
static_assert(kNameTermsMax < PersonFilter::kTermsMax);

std::vector<std::string> listOf(const std::string& text)
{
    std::vector<std::string> items;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        items.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return items;
}

/// A filter's value into the query; false when there is no such value.
using Take = bool (*)(const hub::Snapshot&, const std::string& value, PersonQuery& query);

bool takeStates(const hub::Snapshot& /*snapshot*/, const std::string& value, PersonQuery& query)
{
    for (const std::string& name : listOf(value)) {
        const auto state = findPersonState(name);
        if (!state) {
            return false;
        }
        auto& states = query.filter.states;
        if (std::find(states.begin(), states.end(), *state) == states.end()) {
            states.push_back(*state);
        }
    }
    return true;
}

bool takeCategories(const hub::Snapshot& /*snapshot*/, const std::string& value, PersonQuery& query)
{
    for (const std::string& id : listOf(value)) {
        if (id != "none" && query.edition.findCategory(id) == nullptr) {
            return false;
        }
        query.filter.categories.push_back(id == "none" ? "" : id);
    }
    return true;
}

bool takeKind(const hub::Snapshot& /*snapshot*/, const std::string& value, PersonQuery& query)
{
    query.filter.kind = value;
    return true;
}

bool takePeriod(const hub::Snapshot& /*snapshot*/, const std::string& value, PersonQuery& query)
{
    query.filter.admission_period = value;
    return query.edition.findPeriod(value) != nullptr;
}

bool takeDelivery(const hub::Snapshot& /*snapshot*/, const std::string& value, PersonQuery& query)
{
    query.filter.delivery_method = value;
    return true;
}

bool takeReuse(const hub::Snapshot& /*snapshot*/, const std::string& value, PersonQuery& query)
{
    query.filter.reuse = value == "true";
    return true;
}

/// States besides the asked ones, so that both together mean both.
bool takeBadgeStatus(const hub::Snapshot& /*snapshot*/,
                     const std::string& value,
                     PersonQuery& query)
{
    const BadgeStatus* status = findBadgeStatus(value);
    if (status == nullptr) {
        return false;
    }
    auto& states = query.filter.states;
    if (states.empty()) {
        states = status->states;
    } else {
        std::erase_if(states, [status](PersonState one) {
            return std::find(status->states.begin(), status->states.end(), one) ==
                   status->states.end();
        });
        if (states.empty()) {
            states = {PersonState::Archived}; // nobody is in two states
        }
    }
    if (status->of_reused != status->of_new) {
        query.filter.keeps_old_badge = status->of_reused;
    }
    return true;
}

bool takeOrganizationText(const hub::Snapshot& /*snapshot*/,
                          const std::string& value,
                          PersonQuery& query)
{
    query.filter.organization = value;
    return true;
}

bool takeCancellation(const hub::Snapshot& /*snapshot*/,
                      const std::string& /*value*/,
                      PersonQuery& query)
{
    query.filter.cancellation_asked = true;
    return true;
}

bool addTerms(const hub::Snapshot& snapshot,
              const std::vector<std::string>& wanted,
              std::size_t terms_max,
              PersonQuery& query)
{
    for (const std::string& term : wanted) {
        std::string index = searchIndex(snapshot, term);
        auto& terms = query.filter.terms;
        if (terms.size() < terms_max &&
            std::find(terms.begin(), terms.end(), index) == terms.end()) {
            terms.push_back(std::move(index));
        }
    }
    return !wanted.empty();
}

bool takeName(const hub::Snapshot& snapshot, const std::string& value, PersonQuery& query)
{
    return addTerms(snapshot, wantedName(value), kNameTermsMax, query);
}

bool takeQuickSearch(const hub::Snapshot& snapshot, const std::string& value, PersonQuery& query)
{
    return addTerms(snapshot, wantedTerms(value), PersonFilter::kTermsMax, query);
}

struct FilterRow {
    const char* name;
    const char* rule;
    Take take;
};

// The badge's status after the person's, which it narrows; the quick search after the name, which
// leaves it its places.
constexpr std::array kFilters = {
    FilterRow{"organization", "R-163", &takeOrganizationText},
    FilterRow{"name", "R-163", &takeName},
    FilterRow{"kind", "R-163", &takeKind},
    FilterRow{"category", "R-163", &takeCategories},
    FilterRow{"state", "R-163", &takeStates},
    FilterRow{"admission_period", "R-163", &takePeriod},
    FilterRow{"delivery_method", "R-163", &takeDelivery},
    FilterRow{"badge_status", "R-163", &takeBadgeStatus},
    FilterRow{"reuse", "R-163", &takeReuse},
    FilterRow{"cancellation", "R-186", &takeCancellation},
    FilterRow{"q", "R-165", &takeQuickSearch},
};

Refused takeFilters(const hub::Snapshot& snapshot, const Request& request, PersonQuery& query)
{
    for (const FilterRow& row : kFilters) {
        const std::string value = requests::textOf(request.query, row.name);
        if (value.empty()) {
            continue;
        }
        const std::string pointer = std::string("/query/") + row.name;
        if (!query.edition.holds(row.rule)) {
            return wrongField(row.rule,
                              "filter_not_offered",
                              pointer,
                              {"This edition does not offer this filter; leave it out.",
                               "本届不提供该筛选条件，请去掉后重试。"});
        }
        if (!row.take(snapshot, value, query)) {
            return wrongField(row.rule,
                              "filter_value_unknown",
                              pointer,
                              {"Nothing can be found by this value: it is too short, or not one "
                               "that the list shows; correct it.",
                               "无法按该值筛选：内容过短或不是列表中的值，请更正。"});
        }
    }
    return std::nullopt;
}

requests::Refusal noSuchGroup()
{
    return notFound({"There is no such group or organization; correct the filter.",
                     "没有该交易（分）团或单位，请更正筛选条件。"});
}

/// The group or organization that the request names, else everything that it may see.
Refused takeNode(const hub::Snapshot& snapshot,
                 const Access& access,
                 const Request& request,
                 PersonQuery& query)
{
    PersonFilter& filter = query.filter;
    const Access::Node own = access.node();
    filter.delegation_id = requests::textOf(request.query, "delegation_id");
    filter.sub_delegation_id = requests::textOf(request.query, "sub_delegation_id");
    filter.organization_id = requests::textOf(request.query, "organization_id");
    if (!filter.organization_id.empty()) {
        const auto found = ReadRows(snapshot).organization(filter.organization_id);
        return found && access.mayAct(*found) ? std::nullopt : Refused(noSuchGroup());
    }
    if (!filter.sub_delegation_id.empty()) {
        const auto found = findDelegation(snapshot, filter.edition, filter.sub_delegation_id);
        return found && access.mayActFor(found->parent_id, found->delegation_id)
                   ? std::nullopt
                   : Refused(noSuchGroup());
    }
    if (!filter.delegation_id.empty()) {
        return access.mayActFor(filter.delegation_id, "") ? std::nullopt : Refused(noSuchGroup());
    }
    (own.kind == "delegation"       ? filter.delegation_id
     : own.kind == "sub_delegation" ? filter.sub_delegation_id
                                    : filter.organization_id) = own.id;
    return std::nullopt;
}

bool readCursor(const std::string& cursor, ListPosition& after)
{
    const std::size_t dot = cursor.find('.');
    const char* const end = cursor.data() + std::min(dot, cursor.size());
    const auto [stopped, error] = std::from_chars(cursor.data(), end, after.submitted_ms);
    after.person_id = dot < cursor.size() ? cursor.substr(dot + 1) : "";
    return error == std::errc{} && stopped == end && !after.person_id.empty();
}

Refused takePage(const Request& request, PersonQuery& query)
{
    constexpr std::size_t kLimitMax = 200;
    const std::string limit = requests::textOf(request.query, "limit");
    const std::string cursor = requests::textOf(request.query, "cursor");
    if (!limit.empty()) {
        std::from_chars(limit.data(), limit.data() + limit.size(), query.limit);
    }
    if (query.limit == 0 || query.limit > kLimitMax) {
        return wrongField(
            "4.17",
            "limit_out_of_range",
            "/query/limit",
            {"A page has 1 to 200 lines; correct the limit.", "每页为 1 至 200 行，请更正。"});
    }
    query.is_first_page = cursor.empty();
    if (!cursor.empty() && !readCursor(cursor, query.after)) {
        return wrongField("4.17",
                          "cursor_unknown",
                          "/query/cursor",
                          {"The cursor is not one that a list has answered; begin without one.",
                           "分页标记无效，请从第一页重新开始。"});
    }
    return std::nullopt;
}

} // namespace

Refused readPersonQuery(const hub::Snapshot& snapshot,
                        const hub::Event& event,
                        const Request& request,
                        PersonQuery& query)
{
    const Access access = Access::of(request, event);
    const std::string asked = requests::textOf(request.query, "edition");
    auto edition = findEdition(snapshot, asked.empty() ? event.edition() : asked);
    if (!edition) {
        return editionArchived();
    }
    query.edition = std::move(*edition);
    query.filter.edition = query.edition.id;
    if (access.node().kind == "sub_delegation" && !query.edition.holds("R-160")) {
        return noSuchGroup();
    }
    if (auto refused = takeNode(snapshot, access, request, query)) {
        return refused;
    }
    if (auto refused = takeFilters(snapshot, request, query)) {
        return refused;
    }
    return takePage(request, query);
}

std::string cursorOf(const ListPosition& next)
{
    return std::to_string(next.submitted_ms) + "." + next.person_id;
}

} // namespace registration
