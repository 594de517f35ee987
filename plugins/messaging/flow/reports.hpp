// Reports: what providers push about messages. Most providers sign nothing, so a report is taken
// for the state of a delivery and for nothing else, and only where account, number and phone fit
// our own record.
#pragma once

#include "flow/work.hpp"

namespace messaging {

/// HUB_OK: a new effect · HUB_ALREADY_DONE: nothing new · HUB_REJECTED: none is about a message of
/// ours.
hub::Answer takeReports(const Work& work, const hub::Event& event);

} // namespace messaging
