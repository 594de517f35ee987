// From the backend's reply to the HTTP answer (sdk/ABI.md section 5).
#pragma once

#include "gateway/backend.hpp"
#include "gateway/problems.hpp"

namespace hub::gateway {

/// True when the reply is no refusal and its answer has the shape that sdk/ABI.md asks for.
bool succeeded(const Reply& reply);

HttpResponse makeAnswer(const Reply& reply, const ProblemContext& context);

/// Deprecation, Sunset and Link, where the route has them.
void addDeprecation(const Deprecation& deprecation, HttpResponse& response);

} // namespace hub::gateway
