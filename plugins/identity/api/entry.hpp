// The entry page (requirements 2.1, 2.2): what whoever is no visitor yet reads before registering.
#pragma once

#include "flow/look.hpp"

namespace identity {

hub::Answer showEntry(const Look& look);

} // namespace identity
