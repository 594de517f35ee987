// Lists of persons of a group, in the order of their submission: every list walks an index and
// starts where the last page ended.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// What is '' or empty does not filter. Persons who were not submitted are in no list.
struct PersonFilter {
    std::string edition;
    std::string delegation_id;
    std::string sub_delegation_id;
    std::string organization_id;
    std::vector<PersonState> states;
    std::vector<std::string> categories; // '' is who has none
    std::string kind;
    std::string admission_period;
    std::string delivery_method;
    std::string organization; // a part of its name, or its social credit code
    std::optional<bool> reuse;
    std::optional<bool> keeps_old_badge; // reused and not upgraded
    bool cancellation_asked = false;
    std::vector<std::string> terms; // blind indexes, each once; who has all. At most kTermsMax

    static constexpr std::size_t kTermsMax = 8;
    /// How many persons one read looks at when what it filters by has no index.
    std::size_t window = 25'000;

    /// Whether anything but groups, states and terms narrows the list.
    bool looksAtPersons() const;
    /// Nothing but a group and states: the maintained counts know how many there are.
    bool isOfStatesAlone() const;
};

/// Where a page ended.
struct ListPosition {
    std::int64_t submitted_ms = 1;
    std::string person_id;
};

struct ListedPerson {
    std::string person_id;
    std::string organization_id;
    std::string organization_name;
    std::string kind;
    PersonState state = PersonState::Submitted;
    std::string reason;
    std::string category;
    std::string order_id;
    std::string admission_period;
    std::string delivery_method;
    bool reuse = false;
    bool upgraded = false;
    requests::Json summary; // personal
    bool cancellation_asked = false;
    std::int64_t submitted_ms = 0;
};

/// Fewer than asked for, with a next page, when the window was looked through.
struct PersonPage {
    std::vector<ListedPerson> persons;
    std::optional<ListPosition> next;
};
PersonPage listPersons(const hub::Snapshot& snapshot,
                       const PersonFilter& filter,
                       const ListPosition& after,
                       std::size_t limit);

/// From the beginning. What only walking tells is counted up to `limit` and to the window's end,
/// and there may be more.
struct PersonCount {
    std::size_t n = 0;
    bool more = false;
};
PersonCount
countPersons(const hub::Snapshot& snapshot, const PersonFilter& filter, std::size_t limit);

} // namespace registration
