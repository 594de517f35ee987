// The submission of a person: everything that is missing is said at once, then the place in the
// quota is taken, the person frozen, and moved on as far as its organization's state allows.
#pragma once

#include "flow/person_subjects.hpp"

#include <optional>

namespace registration {

/// Without {"confirmed": true} the client shows the question that this refusal holds.
std::optional<requests::Refusal> refuseUnconfirmedSubmission(const Json& body,
                                                             const Edition& edition);

/// What is refused has changed nothing.
std::optional<requests::Refusal>
submitPerson(const Work& work, const PersonSubject& subject, Person& person, bool is_declared);

} // namespace registration
