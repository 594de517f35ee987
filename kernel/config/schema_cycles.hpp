// A schema that applies itself to the same value, by references and combinations alone, has no end:
// neither compiling nor checking would return.
#pragma once

#include "base/json.hpp"

namespace hub::config {

/// Throws std::invalid_argument naming the reference; so does one to another document. References
/// into members and items may lead back: every step consumes a part of the value.
void refuseEndlessReferences(const base::Json& schema);

} // namespace hub::config
