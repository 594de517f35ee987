// JSON Schema (draft 7) as manifests and contracts use it.
#pragma once

#include "json.hpp"

#include <string>

namespace hub::conformance {

/// Where and why `document` does not fit, as one sentence; empty when it fits.
std::string findViolation(const Json& schema, const Json& document);

} // namespace hub::conformance
