// What operators see of a recovery after a restore: what is open, and what the provider alone
// knows.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

namespace payments {

/// Asked by the hub for `quarantine show`: data has "open".
hub::Answer
showRecovery(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
showExceptions(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace payments
