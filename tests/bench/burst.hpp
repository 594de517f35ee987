// Burst: how many payments of three wallets come to their ends in a second while providers fail
// and repeat themselves, and what of it is the hub's own time.
#pragma once

#include "figure.hpp"

#include <vector>

namespace bench {

/// `burst`, and `burst.swap`: the same while accounts, credentials and libraries change.
std::vector<Figure> burstFigures();

} // namespace bench
