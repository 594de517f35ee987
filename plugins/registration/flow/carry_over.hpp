// What a past edition's application brings into this one: its pages as drafts to be
// completed, and the licence of an enterprise.
#pragma once

#include "flow/work.hpp"

namespace registration {

/// Of a new application whose account proved that the past one is its own. Nothing without one.
void carryOver(const Work& work, Organization& organization, const Edition& edition);

} // namespace registration
