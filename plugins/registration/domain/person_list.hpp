// The delegation's list of persons as data: its columns, its filters and the words of its states.
// Whoever adds one writes a row.
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace registration {

struct ListColumn {
    std::string_view name;
    std::string_view en;
    std::string_view zh;
    std::string_view rule; // not shown where the edition does not hold it
};

std::vector<ListColumn> columnsOf(const Edition& edition);
/// Array of name and title, in the order in which they are shown.
Json toJson(const std::vector<ListColumn>& columns);

/// Where the badge of an application stands, as far as its state says: 'none', 'registered',
/// 'in_review', 'in_production' or 'reuse_activated'.
struct BadgeStatus {
    std::string_view name;
    std::vector<PersonState> states;
    bool of_reused = true; // also, or only, of badges that are used again
    bool of_new = true;
};
std::string_view badgeStatusOf(PersonState state, bool reuses_badge);
/// Null for a word that no badge has.
const BadgeStatus* findBadgeStatus(std::string_view name);

/// Empty where the edition does not hold the rule that gives the state its name.
Words titleOf(PersonState state, const Edition& edition);

/// What the list shows of a category; a person without one reads as a general visitor.
Words categoryTitle(std::string_view category, const Edition& edition);

} // namespace registration
