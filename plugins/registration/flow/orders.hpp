// Orders, as far as applications go: which persons an order holds, and what follows when it is
// paid, canceled or expired. The plugin `orders` decides; here its facts are taken as they come,
// and what does not concern a person any more is left alone.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// order.created
hub::Answer holdPersons(const Work& work);
/// order.canceled and order.expired
hub::Answer freePersons(const Work& work);
/// order.paid
hub::Answer payPersons(const Work& work);

} // namespace registration
