#include "domain_searches.hpp"

#include "domain_data.hpp"
#include "domain_load.hpp"
#include "support/hub_process.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <stdexcept>
#include <vector>

namespace bench {

namespace {

using nlohmann::json;

constexpr std::size_t kTail = 4;      // of a number
constexpr std::size_t kCharacter = 3; // bytes of a Chinese one

using Rule = std::function<bool(const sample::Person&, const sample::Organization&)>;

struct Search {
    std::string what;
    std::string query;
    Rule finds;
};

std::string tailOf(const std::string& number)
{
    return number.substr(number.size() - kTail);
}

/// As people type them, for the one in the middle.
std::vector<Search> searchesFor(const sample::Sizes& sizes, std::uint64_t row)
{
    const sample::Person one = sample::person(sizes, row);
    const std::string delegation = sample::organization(sizes, one.organization).delegation_id;
    const std::string tail = tailOf(one.card);
    const std::string pair = one.name.substr(one.name.size() - 2 * kCharacter);
    const std::string everybody = one.name.substr(0, 2 * kCharacter);
    const auto of = [delegation](const std::string& text) {
        return [=](const sample::Person& person, const sample::Organization& home) {
            return home.delegation_id == delegation && person.name.find(text) != std::string::npos;
        };
    };
    const std::string group = "&delegation_id=" + delegation;
    return {{"suffix",
             "q=" + tail,
             [tail](const sample::Person& person, const sample::Organization&) {
                 return tailOf(person.card) == tail || tailOf(person.phone) == tail;
             }},
            {"phone",
             "q=" + percentEncoded(one.phone),
             [phone = one.phone](const sample::Person& person, const sample::Organization&) {
                 return person.phone == phone;
             }},
            {"number",
             "q=" + one.card,
             [card = one.card](const sample::Person& person, const sample::Organization&) {
                 return person.card == card;
             }},
            {"name_of_group", "q=" + percentEncoded(pair) + group, of(pair)},
            {"name_of_all", "q=" + percentEncoded(everybody) + group, of(everybody)}};
}

std::set<std::string>
found(const hub::test::HubProcess& hub, const std::string& token, const std::string& query)
{
    std::set<std::string> ids;
    for (std::string cursor;;) {
        const auto answer = hub.request("GET",
                                        "/api/v1/persons?limit=200&" + query + cursor,
                                        "",
                                        {{"Authorization", "Bearer " + token}});
        if (answer.status != 200) {
            throw std::runtime_error("a search was answered " + answer.body.dump());
        }
        for (const json& item : answer.body.at("items")) {
            ids.insert(item.at("person_id").get<std::string>());
        }
        const json& next = answer.body.at("next_cursor");
        if (next.is_null()) {
            return ids;
        }
        cursor = "&cursor=" + next.get<std::string>();
    }
}

std::set<std::string> expected(const sample::Sizes& sizes, const Rule& finds)
{
    std::set<std::string> ids;
    for (std::uint64_t row = 0; row < sizes.persons; ++row) {
        const sample::Person person = sample::person(sizes, row);
        if (!isDraft(row) && finds(person, sample::organization(sizes, person.organization))) {
            ids.insert(personId(row));
        }
    }
    return ids;
}

} // namespace

void demandRightSearches(const hub::test::HubProcess& hub,
                         const std::string& token,
                         const sample::Sizes& sizes)
{
    const std::uint64_t middle = sizes.persons / 2;
    for (const Search& search : searchesFor(sizes, isDraft(middle) ? middle - 1 : middle)) {
        const auto ids = found(hub, token, search.query);
        const auto wanted = expected(sizes, search.finds);
        if (ids != wanted || wanted.empty()) {
            throw std::runtime_error(fmt::format("the search by {} finds {} persons, not the {} "
                                                 "that it should",
                                                 search.what,
                                                 ids.size(),
                                                 wanted.size()));
        }
    }
}

} // namespace bench
