// What the readers of configuration do not survive today, so that the targets find what else there
// is. Each limit goes when its reader refuses the input by itself.
#pragma once

#include "base/json.hpp"

#include <algorithm>
#include <string>

namespace hub::fuzz {

/// Settings are matched by std::regex, which recurses once per character.
inline constexpr std::size_t kPropertyFileBytesMax = 4096;

namespace detail {

inline constexpr std::ptrdiff_t kPatternGroupsMax = 64;

/// False for a reference out of /definitions, or to anything out of a definition: either could
/// lead back to itself, and valijson's schema then has no end.
inline bool endsEverywhere(const base::Json& node, bool is_definition)
{
    if (!node.is_structured()) {
        return true;
    }
    for (const auto& [name, value] : node.items()) {
        if (name == "$ref" &&
            (is_definition || !value.is_string() ||
             value.get_ref<const std::string&>().rfind("#/definitions/", 0) != 0)) {
            return false;
        }
        if (!endsEverywhere(value, is_definition || name == "definitions")) {
            return false;
        }
    }
    return true;
}

/// std::regex recurses once per group when it reads a pattern.
inline bool hasFewGroups(const base::Json& node)
{
    if (node.is_string()) {
        const auto& text = node.get_ref<const std::string&>();
        return std::count(text.begin(), text.end(), '(') <= kPatternGroupsMax;
    }
    if (!node.is_structured()) {
        return true;
    }
    const auto items = node.items();
    return std::all_of(items.begin(), items.end(), [](const auto& item) {
        return std::count(item.key().begin(), item.key().end(), '(') <= kPatternGroupsMax &&
               hasFewGroups(item.value());
    });
}

} // namespace detail

/// True for a document whose schemas, wherever they are in it, can be compiled and checked.
inline bool isBounded(const base::Json& document)
{
    return detail::endsEverywhere(document, false) && detail::hasFewGroups(document);
}

} // namespace hub::fuzz
