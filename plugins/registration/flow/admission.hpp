// Admission: where a submitted person goes by what became of its organization.
#pragma once

#include "flow/work.hpp"

namespace registration {

/// Moves a submitted person on, as far as its organization's state allows, and tells about it.
/// Nothing happens to others.
void follow(const Work& work,
            const Organization& organization,
            Person& person,
            const Edition& edition);

/// The same for all persons of the organization.
void followAll(const Work& work, const Organization& organization, const Edition& edition);

/// Tells that a person has come to be paid for or reviewed.
void announce(const Work& work, const Person& person);

} // namespace registration
