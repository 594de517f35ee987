// Who finds their social credit code taken claims it; the delegation that is named looks at the
// licence and decides (D-08): the code is freed, or its account handed over, or the claim refused.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

hub::Answer fileClaim(const Work& work, const hub::Event& event);
/// A delegation sees those that name it.
hub::Answer listClaims(const Look& look);
hub::Answer decideClaim(const Work& work, const hub::Event& event);

} // namespace identity
