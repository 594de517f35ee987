// What this plugin's answers add to those of all plugins (requests/answers.hpp).
#pragma once

#include "domain/json.hpp"

#include <hub/event.hpp>

#include <optional>
#include <string>
#include <string_view>

#include <requests/answers.hpp>

namespace orders {

using requests::answered;
using requests::readRequest;
using requests::Refusal;
using requests::refuse;
using requests::Request;
using requests::Violation;
using requests::Words;

hub::Answer created(Json body, const std::string& location);
/// A command's answer.
hub::Answer shown(Json data, Json sections);
Json section(const char* title, Json columns, Json rows);

/// A command's argument; "" when it is missing.
std::string argumentOf(std::string_view payload, std::size_t index);

/// Whose orders the session may see and make: the one organization of its scopes (identity puts
/// "organization:<id>" there). Nothing for an API key, and for a session of none or several.
std::optional<std::string> organizationOf(const Request& request);
Refusal noOrganization();

} // namespace orders
