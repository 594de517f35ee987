// Small readings of JSON that the suite's parts share.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace hub::conformance {

using Json = nlohmann::json;

/// Empty when the member is missing or no text.
inline std::string textOf(const Json& object, const std::string& name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// An empty object when the member is missing or no object.
inline Json objectOf(const Json& object, const std::string& name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_object() ? *found : Json::object();
}

/// Replaces every "{name}" of the texts inside by the values of `variables`; other braces stay.
Json filled(const Json& pattern, const std::map<std::string, std::string>& variables);
std::string filledText(std::string text, const std::map<std::string, std::string>& variables);

/// Standard base64 with padding.
std::string toBase64(std::string_view bytes);

} // namespace hub::conformance
