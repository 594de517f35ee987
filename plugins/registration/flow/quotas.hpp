// Quotas: how many of a limited category each node may give away (DESIGN 14.31). What a node
// allocates to those below counts as used, and at every node 0 <= allocated + reserved <= total.
#pragma once

#include "flow/work.hpp"

#include <optional>

#include <requests/answers.hpp>

namespace registration {

/// Takes a place of `category` for the person, and gives back the one that it had: from its
/// organization in an edition where organizations choose, else from its sub-delegation,
/// or its delegation when it is in none. Nothing when it could be had; `person` gets the
/// category, the caller saves it.
std::optional<requests::Refusal>
takePlace(const Work& work, Person& person, const Category& category, const Edition& edition);

/// The place goes back to where it was taken from, whatever moved since. Without one: nothing.
void giveBackPlace(const Work& work, const Person& person);

} // namespace registration
