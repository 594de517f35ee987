// Who asks, as their session says.
#pragma once

#include "api/answers.hpp"

#include <string>
#include <string_view>

namespace identity {

/// Of "person:<login>"; empty for an API key: a key is nobody.
std::string loginOf(std::string_view principal);

/// Of "key:<id>"; empty for a person and for nobody.
std::string keyOf(std::string_view principal);

/// The id that the session's roles are about: aboutOf(request, "delegation:") is "17" with the
/// scope "delegation:17". Empty without one: the roles are for the whole edition.
std::string aboutOf(const Request& request, std::string_view prefix);

/// What is about a person who is logged in, or about one of another list: nobody learns which.
Refusal notFound();

} // namespace identity
