// Reading JSON of others without trusting its types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace orders {

using Json = nlohmann::json;

/// A member that is a text; "" otherwise.
std::string textOf(const Json& object, const char* name);
/// A member that is a whole number of 64 bits; no boolean, no fraction.
std::optional<std::int64_t> integerOf(const Json& object, const char* name);
/// Only for a member that is true itself.
bool isTrue(const Json& object, const char* name);
/// The items of a member that is an array; none otherwise. Borrowed from `object`.
const Json& itemsOf(const Json& object, const char* name);
/// A member that is an object; an empty one otherwise. Borrowed from `object`.
const Json& partOf(const Json& object, const char* name);

} // namespace orders
