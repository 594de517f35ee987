// A refusal that keeps what its unit did: for whoever counts failures, and must count this one.
#pragma once

#include <hub/event.hpp>

#include <requests/answers.hpp>

namespace requests {

/// As refuse(), but the unit is committed.
hub::Answer refuseAndKeep(const Refusal& refusal);

} // namespace requests
