// The mistake that quotas must not make, for preset chaos alone: a check of what a request in mode
// `read` has shown, carried out later by a unit. tests/chaos must notice it.
#pragma once

#ifdef HUB_CHAOS

#include "store/quota_rows.hpp"

#include <string_view>

namespace registration {

/// A read has shown this.
void rememberShown(std::string_view edition, const Quota& quota);
/// As it was shown last; as it is when it never was.
Quota lastShown(const hub::Snapshot& snapshot,
                std::string_view edition,
                const QuotaNode& node,
                std::string_view category);

} // namespace registration

#endif
