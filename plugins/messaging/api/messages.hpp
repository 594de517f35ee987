// Messages as staff sees them: states, attempts and masked recipients; never a number in clear.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

namespace messaging {

/// Requests.
hub::Answer
listMessages(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
getMessage(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

/// Commands.
hub::Answer
showMessages(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
showMessage(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace messaging
