// Deadlines: until when applications are taken, and the exceptions that the organizer granted
// (C-07).
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>

#include <requests/answers.hpp>

namespace registration {

/// Until when this organization may submit itself and its persons; nothing: no end is set.
std::optional<std::int64_t> registrationEndOf(const hub::Snapshot& snapshot,
                                              const Organization& organization,
                                              const Edition& edition);

/// 409 when it is too late.
std::optional<requests::Refusal>
tooLate(const hub::Snapshot& snapshot, const Organization& organization, const Edition& edition);

} // namespace registration
