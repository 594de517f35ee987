// The blind indexes by which persons are found.
#pragma once

#include <hub/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// `terms` of domain/search_terms replace those that the person had.
void putSearchTerms(const hub::Unit& unit,
                    std::string_view edition,
                    std::string_view person_id,
                    const std::vector<std::string>& terms);

std::string searchIndex(const hub::Snapshot& snapshot, std::string_view term);

} // namespace registration
