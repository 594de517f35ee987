// Trace ids: one id follows a request from the portal to the provider and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hub::observe {

/// The trace id of a W3C `traceparent` header; nothing when the header is not well formed.
std::optional<std::string> parseTraceparent(std::string_view header);

/// A `traceparent` for a request that goes out, with a new span id.
std::string makeTraceparent(std::string_view trace);

} // namespace hub::observe
