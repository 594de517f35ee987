// How many applications stand in which state, kept by every change: lists show totals without
// counting.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <map>
#include <string>
#include <string_view>

namespace registration {

/// Where an application counts: its edition, delegation, sub-delegation, organization.
struct Place {
    std::string edition;
    std::string delegation_id;
    std::string sub_delegation_id;
    std::string organization_id;
};

inline Place placeOf(const Organization& organization)
{
    return {organization.edition,
            organization.delegation_id,
            organization.sub_delegation_id,
            organization.organization_id};
}

inline Place placeOf(const Person& person)
{
    return {person.edition, person.delegation_id, person.sub_delegation_id, person.organization_id};
}

/// One more in `state` at every level of the place. `what` is "organization" or "person".
void countIn(const hub::Unit& unit,
             const Place& place,
             std::string_view what,
             std::string_view state);
/// One less.
void countOut(const hub::Unit& unit,
              const Place& place,
              std::string_view what,
              std::string_view state);

/// By state; `node_kind` is "edition", "delegation", "sub_delegation" or "organization".
std::map<std::string, std::int64_t> countsOf(const hub::Snapshot& snapshot,
                                             std::string_view edition,
                                             std::string_view node_kind,
                                             std::string_view node_id,
                                             std::string_view what);

} // namespace registration
