// Roles as somebody asks for them, checked against the table.
#pragma once

#include "api/answers.hpp"
#include "domain/roles.hpp"

#include <variant>
#include <vector>

namespace identity {

/// Of `[{"role", "scope_id", "delegation_id"}]` at /roles of a body: roles of staff only.
std::variant<std::vector<Grant>, Refusal> readGrants(const Json& roles);

Json toJson(const std::vector<Grant>& grants);

} // namespace identity
