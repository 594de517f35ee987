// Erasures: the rows of hub_erasure: persons whose key is to be destroyed. Written with the unit
// that erases, carried out after its commit, and again after every restore.
#pragma once

#include "journal/group.hpp"

#include <string>
#include <vector>

namespace hub::journal {

class Erasures {
public:
    /// False when the person was erased before.
    static bool record(Group& group,
                       const std::string& person,
                       const std::string& library,
                       const std::string& trace);
    static std::vector<std::string> all(store::Connection& connection);
};

} // namespace hub::journal
