// Compares what contacts and clerks were told with what the hub shows to the organizer and to
// finance when all is at rest. Reads only.
#pragma once

#include "application.hpp"
#include "caller.hpp"
#include "oracle.hpp"
#include "quota_recount.hpp"

#include <deque>
#include <string>
#include <vector>

namespace chaos {

/// `lost` may be "not yet": an order learns by an event that it is paid, its persons by the next.
/// The reader's key shows pages, persons, histories and orders. Throws std::runtime_error when the
/// hub does not show what is there.
Findings judgeApplications(Caller& reader, const std::deque<Application>& applications);

/// Organizations that nobody was told of: a request whose answer was lost has made one, and its
/// repeat another.
std::vector<std::string> findStrangers(const Enrolment& enrolment,
                                       const std::deque<Application>& applications);

} // namespace chaos
