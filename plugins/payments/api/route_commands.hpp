// The command that says where a payment would go, and why.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

namespace payments {

/// Arguments: method, amount in minor units, and, where they matter, wallet and product.
hub::Answer
explainRoute(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace payments
