// A person's rights: access to everything that is held, and erasure.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// The contract's operation "person_data".
hub::Answer answerPersonData(const hub::Snapshot& snapshot, const hub::Event& event);
/// person export PERSON: the same for an operator; who exported stands in the person's history.
hub::Answer exportPerson(const Work& work);
/// person erase PERSON
hub::Answer erasePerson(const Work& work);

} // namespace registration
