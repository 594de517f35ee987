// JSON as the hub accepts it: UTF-8, bounded depth, no duplicate names.
#pragma once

#include <hub/result.hpp>

#include <string_view>

#include <nlohmann/json.hpp>

namespace hub::base {

using Json = nlohmann::json;

inline constexpr int kJsonDepthMax = 64;

/// Refuses duplicate names (which reader wins would be exploitable), depth over kJsonDepthMax
/// and anything that RFC 8259 does not allow. The error names the byte or the member.
Result<Json> parseJson(std::string_view text);

} // namespace hub::base
