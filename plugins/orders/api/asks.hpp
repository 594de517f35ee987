// What other plugins ask of the contract `orders`. It is a leaf: nothing is asked on from here.
#pragma once

#include <hub/plugin.hpp>

namespace orders {

hub::Answer askOfPersons(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer askPersonData(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace orders
