// Erasure: a person's key is destroyed, and with it all that is sealed for it, in the tables and in
// backups. The row stays, by its id, as evidence for orders and counts.
#pragma once

#include "flow/work.hpp"

#include <string>

namespace registration {

/// Everything that registration holds about a person, in clear; an empty object for nobody.
Json personData(const hub::Snapshot& snapshot, std::string_view person_id);

/// Why it can't be done yet; '' when it is done.
std::string erasePersonalData(const Work& work, Person person);

} // namespace registration
