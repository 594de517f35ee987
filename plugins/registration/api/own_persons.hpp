// The organization's own list of its persons, with what each offers to be done.
#pragma once

#include "domain/edition.hpp"

#include <hub/plugin.hpp>

#include <optional>

namespace registration {

/// GET /organizations/{organization_id}/persons: filters, pages, totals.
hub::Answer searchPersons(const hub::Snapshot& snapshot, const hub::Event& event);

/// A filter that a rule adds and this edition does not know.
std::optional<requests::Refusal> refuseFilter(const requests::Request& request,
                                              std::string_view name,
                                              std::string_view rule,
                                              const Edition& edition);

/// How many lines a page has: "limit" of the query, at most 200.
std::size_t pageLimit(const requests::Request& request);

} // namespace registration
