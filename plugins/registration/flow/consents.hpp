// Consents: what an organization's contact agreed to, in which version (D-09).
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <string_view>

namespace registration {

/// Given, not withdrawn, and to the present version where the organizer has put one.
bool hasConsent(const hub::Snapshot& snapshot,
                const Organization& organization,
                std::string_view kind,
                const Edition& edition);

} // namespace registration
