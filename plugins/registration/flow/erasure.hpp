// Erasure: a person's key is destroyed, and with it all that is sealed for it, in the tables and in
// backups. The row stays, by its id, as evidence for orders and counts.
#pragma once

#include "flow/work.hpp"

#include <string>
#include <vector>

namespace registration {

/// Everything that registration holds about a person, in clear; an empty object for nobody.
Json personData(const hub::Snapshot& snapshot, std::string_view person_id);

struct Erasure {
    std::string refusal;              // why it can't be done yet; '' when it is done
    std::vector<std::string> persons; // who was erased
    /// With the same document, and readable, while the person was erased before.
    std::vector<std::string> kept;
    /// Brought from or into one of them with another document: perhaps the same human, perhaps not.
    std::vector<std::string> linked;
};

/// All records of the human: those with the same document, in any edition and organization, and
/// what an import is about to bring in. None of them when one has to stay. Whoever was erased
/// before, and came back with the rows of a backup, is blanked in these rows alone: what the human
/// applied for since then stays.
Erasure erasePersonalData(const Work& work, const Person& person);

/// Whether the holder of a document was erased and came back with the rows of a backup: then it is
/// blanked, unless it has to stay, and the document is free.
bool freesDocument(const Work& work, const std::string& person_id);

} // namespace registration
