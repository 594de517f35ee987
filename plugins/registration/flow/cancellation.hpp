// Cancellation of a person's application (requirements section 11): by the group that it belongs
// to, by its organization before the lock, and afterwards by the group when the organization asks.
#pragma once

#include "flow/rule.hpp"
#include "flow/work.hpp"

#include <string>

namespace registration {

/// Its place is free again. Who was canceled before stays so.
Refused cancel(const Work& work, Person& person, const std::string& reason, const Edition& edition);

/// By its organization: canceled before the lock; afterwards the request is kept.
Refused
askToCancel(const Work& work, Person& person, const std::string& reason, const Edition& edition);

/// The group says no; the organization may ask again.
Refused refuseToCancel(const Work& work, const Person& person, const std::string& reason);

} // namespace registration
