// Notices: an event becomes one message for each contact of the organization that it names.
#pragma once

#include "flow/work.hpp"

namespace messaging {

/// Idempotent: one message for each event, contact and template. Whoever can't be reached is kept
/// as a message without a recipient.
hub::Answer takeEvent(const Work& work, const hub::Event& event);

} // namespace messaging
