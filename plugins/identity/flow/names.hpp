// Names as people type them.
#pragma once

#include "api/answers.hpp"

#include <string>

namespace identity {

/// "name" of a body, normalized; empty when it is missing or longer than 60 characters.
std::string nameOf(const Json& body);

} // namespace identity
