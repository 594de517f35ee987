// The blind indexes by which persons are found.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// `terms` of domain/search_terms replace those that the person had; what stays is not written.
void putSearchTerms(const hub::Unit& unit,
                    const Person& person,
                    const std::vector<std::string>& terms);

/// Lists of what is found have the order and the groups of the persons: whoever submits or moves a
/// person says it here too.
void placeSearchTerms(const hub::Unit& unit, const Person& person);

/// What changes one person's terms: each must walk that person's alone.
std::vector<std::string_view> termStatements();

std::string searchIndex(const hub::Snapshot& snapshot, std::string_view term);

} // namespace registration
