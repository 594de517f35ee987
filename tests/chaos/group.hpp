// Whom an organization belongs to.
#pragma once

#include <string>

namespace chaos {

/// A delegation, or a sub-delegation of it.
struct Group {
    std::string delegation_id;
    std::string sub_delegation_id; ///< empty: the delegation itself

    bool operator==(const Group& other) const
    {
        return delegation_id == other.delegation_id && sub_delegation_id == other.sub_delegation_id;
    }
};

} // namespace chaos
