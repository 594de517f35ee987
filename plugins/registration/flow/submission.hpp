// Submission: everything that must hold before an application is handed in, said at once, and what
// follows when it does.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

#include <requests/answers.hpp>

namespace registration {

/// What still keeps it from being submitted: [{"rule", "page", "pointer", "message": {"en",
/// "zh"}}], empty when nothing does.
Json submissionGuards(const hub::Snapshot& snapshot,
                      const Organization& organization,
                      const Edition& edition);

/// Persons whose data is not submitted yet.
std::int64_t unsubmittedPersons(const hub::Snapshot& snapshot, const Organization& organization);

/// The guards hold: submits, lets its persons follow, and has it reviewed.
void submit(const Work& work, Organization& organization, const Edition& edition);

} // namespace registration
