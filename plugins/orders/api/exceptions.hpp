// Exceptions from the payment deadline (C-07): the organizer grants one to an organization, by a
// route or by a command.
#pragma once

#include "flow/work.hpp"

namespace orders {

hub::Answer grantException(const Work& work, const hub::Event& event);
/// A command: organization, until, reason.
hub::Answer allowLate(const Work& work, const hub::Event& event);

} // namespace orders
