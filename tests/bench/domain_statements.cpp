#include "domain_statements.hpp"

#include "domain_data.hpp"
#include "store/person_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

using nlohmann::json;
using registration::ListPosition;
using registration::PersonFilter;
using registration::PersonState;

constexpr std::size_t kPage = 50;
constexpr std::size_t kLongPage = 200;
constexpr std::size_t kCountMax = 10'000; // of the lists

PersonFilter ofEdition()
{
    PersonFilter filter;
    filter.edition = kEdition;
    return filter;
}

/// Terms of one person, the rarest first: a number, its end, a pair of a name, the pair of all.
std::vector<std::string> termsOf(StatementMeter& meter, const std::string& person_id)
{
    std::vector<std::pair<std::int64_t, std::string>> found;
    meter.snapshot().query(
        "SELECT t.term, (SELECT COUNT(*) FROM registration_search s WHERE s.partition = 0 "
        "AND s.edition = t.edition AND s.term = t.term) FROM registration_search t "
        "WHERE t.partition = 0 AND t.person_id = ?",
        {person_id},
        [&](const hub::Row& row) { found.emplace_back(row.integer(1), row.text(0)); });
    std::sort(found.begin(), found.end());
    std::vector<std::string> terms;
    for (auto& [n, term] : found) {
        terms.push_back(std::move(term));
    }
    if (terms.size() < 6) {
        throw std::runtime_error(person_id + " has too few search terms");
    }
    return terms;
}

using Named = std::pair<std::string, PersonFilter>;

/// As the load asks, for the group of one person.
std::vector<Named> filtersOf(StatementMeter& meter, const sample::Sizes& sizes, std::uint64_t row)
{
    const sample::Organization home =
        sample::organization(sizes, sample::person(sizes, row).organization);
    const std::vector<std::string> terms = termsOf(meter, personId(row));
    std::vector<Named> filters;
    const auto add =
        [&](const char* name, bool of_group, const std::function<void(PersonFilter&)>& narrow) {
            PersonFilter filter = ofEdition();
            filter.delegation_id = of_group ? home.delegation_id : "";
            narrow(filter);
            filters.emplace_back(name, std::move(filter));
        };
    add("delegation", true, [](PersonFilter&) {});
    add("state", true, [](PersonFilter& one) { one.states = {PersonState::ToBePaid}; });
    add("states", true, [](PersonFilter& one) {
        one.states = {PersonState::ToBeReviewed, PersonState::Failed};
    });
    add("category", true, [](PersonFilter& one) { one.categories = {"vip", "staff"}; });
    add("delivery", true, [](PersonFilter& one) {
        one.admission_period = "last_days";
        one.delivery_method = "onsite_pickup";
    });
    add("badge", false, [](PersonFilter& one) { one.states = {PersonState::ToBeReviewed}; });
    add("reuse", false, [](PersonFilter& one) { one.reuse = true; });
    add("sub_delegation", false, [&](PersonFilter& one) {
        one.sub_delegation_id = home.sub_delegation_id;
    });
    add("organization", true, [&](PersonFilter& one) { one.organization = home.name; });
    add("name", false, [&](PersonFilter& one) { one.terms = {terms[terms.size() - 2]}; });
    add("suffix", false, [&](PersonFilter& one) { one.terms = {terms[2]}; });
    add("number", false, [&](PersonFilter& one) { one.terms = {terms[0]}; });
    add("name_of_group", true, [&](PersonFilter& one) { one.terms = {terms[terms.size() - 2]}; });
    add("name_of_all", true, [&](PersonFilter& one) { one.terms = {terms.back()}; });
    return filters;
}

std::uint64_t someone(const sample::Sizes& sizes)
{
    const std::uint64_t middle = sizes.persons / 2;
    return isDraft(middle) ? middle - 1 : middle;
}

/// All pages to the end.
std::set<std::string> walked(StatementMeter& meter, const PersonFilter& filter)
{
    std::set<std::string> ids;
    std::optional<ListPosition> next = ListPosition{};
    while (next) {
        const auto page = registration::listPersons(meter.snapshot(), filter, *next, kLongPage);
        for (const auto& person : page.persons) {
            if (!ids.insert(person.person_id).second) {
                throw std::runtime_error(person.person_id + " is on two pages of one list");
            }
        }
        next = page.next;
    }
    return ids;
}

/// By the generator's rows, without any store.
std::set<std::string> expected(const sample::Sizes& sizes, const PersonFilter& filter)
{
    std::set<std::string> ids;
    for (std::uint64_t n = 0; n < sizes.persons; ++n) {
        const Standing standing = standingOf(sizes, n);
        const auto hasState = [&](PersonState state) {
            return registration::toText(state) == standing.state;
        };
        const sample::Organization home =
            sample::organization(sizes, sample::person(sizes, n).organization);
        const bool is_meant =
            !isDraft(n) &&
            (filter.states.empty() ||
             std::any_of(filter.states.begin(), filter.states.end(), hasState)) &&
            (filter.categories.empty() ||
             std::find(filter.categories.begin(), filter.categories.end(), standing.category) !=
                 filter.categories.end()) &&
            (filter.delegation_id.empty() || filter.delegation_id == home.delegation_id) &&
            (filter.sub_delegation_id.empty() ||
             filter.sub_delegation_id == home.sub_delegation_id) &&
            (filter.admission_period.empty() ||
             filter.admission_period == standing.admission_period) &&
            (filter.delivery_method.empty() ||
             filter.delivery_method == standing.delivery_method) &&
            (!filter.reuse || *filter.reuse == standing.reuse) &&
            (filter.organization.empty() ||
             home.name.find(filter.organization) != std::string::npos);
        if (is_meant) {
            ids.insert(personId(n));
        }
    }
    return ids;
}

} // namespace

json statementCosts(StatementMeter& meter, const sample::Sizes& sizes)
{
    json costs = json::object();
    for (const auto& [name, filter] : filtersOf(meter, sizes, someone(sizes))) {
        meter.takeCost();
        registration::listPersons(meter.snapshot(), filter, {}, kPage);
        costs[name]["page"] = meter.takeCost();
        if (!filter.isOfStatesAlone()) { // whose totals are maintained
            registration::countPersons(meter.snapshot(), filter, kCountMax);
            costs[name]["count"] = meter.takeCost();
        }
    }
    return costs;
}

void demandRightLists(StatementMeter& meter, const sample::Sizes& sizes)
{
    for (const auto& [name, filter] : filtersOf(meter, sizes, someone(sizes))) {
        if (!filter.terms.empty()) {
            continue; // see domain_searches.hpp
        }
        const auto found = walked(meter, filter);
        const auto wanted = expected(sizes, filter);
        if (found != wanted) {
            throw std::runtime_error(fmt::format("the list by {} has {} persons and should have {}",
                                                 name,
                                                 found.size(),
                                                 wanted.size()));
        }
        const auto count = registration::countPersons(meter.snapshot(), filter, kCountMax);
        if (count.more ? count.n > wanted.size() : count.n != wanted.size()) {
            throw std::runtime_error(fmt::format("the total by {} is {}{} and should be {}",
                                                 name,
                                                 count.n,
                                                 count.more ? "+" : "",
                                                 wanted.size()));
        }
    }
}

} // namespace bench
