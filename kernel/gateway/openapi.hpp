// The OpenAPI 3.1 description of /api/v1, made from the routes.
#pragma once

#include "base/json.hpp"
#include "gateway/routes.hpp"

#include <string>

namespace hub::gateway {

/// `public_url` is where clients reach the hub, without a slash at the end.
base::Json makeOpenApi(const RouteTable& routes, const std::string& public_url);

} // namespace hub::gateway
