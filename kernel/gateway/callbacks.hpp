// Callbacks: the way of a provider's request to the backend, byte for byte, and of the exact
// acknowledgement back.
#pragma once

#include "gateway/backend.hpp"
#include "gateway/problems.hpp"
#include "gateway/reader.hpp"

#include <string_view>

namespace hub::gateway {

inline constexpr std::string_view kCallbackPrefix = "/callback/";

/// Never a redirect: a provider that follows one would carry the content elsewhere.
HttpResponse handleCallback(Backend& backend,
                            const HttpRequest& request,
                            Body& body,
                            const ProblemContext& context);

} // namespace hub::gateway
