// Which requirements an edition keeps: its pack may switch some off (`rules_off`).
#pragma once

#include "domain/json.hpp"

#include <string_view>

namespace orders {

/// `rule` is a number like "R-194".
bool holds(const Json& pack, std::string_view rule);

} // namespace orders
