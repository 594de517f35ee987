#include "config/schema_notes.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hub::config {

using base::Json;

std::string childPointer(const std::string& pointer, const std::string& name)
{
    std::string escaped;
    for (const char letter : name) {
        if (letter == '~') {
            escaped += "~0";
        } else if (letter == '/') {
            escaped += "~1";
        } else {
            escaped += letter;
        }
    }
    return pointer + "/" + escaped;
}

SchemaNotes::SchemaNotes(const Json& schema)
{
    collect(schema, "");
}

void SchemaNotes::addPattern(const std::string& text, const std::string& pointer)
{
    // std::regex recurses with the length of a pattern.
    constexpr std::size_t kPatternBytesMax = 512;
    if (text.size() > kPatternBytesMax) {
        throw std::invalid_argument(fmt::format(
            "\"{}\" has {} bytes, must have at most {}", pointer, text.size(), kPatternBytesMax));
    }
    try {
        patterns_.try_emplace(text, text);
    } catch (const std::regex_error&) {
        throw std::invalid_argument(
            fmt::format("\"{}\" is \"{}\", must be a regular expression", pointer, text));
    }
}

void SchemaNotes::collect(const Json& node, const std::string& pointer)
{
    if (node.is_array()) {
        for (std::size_t index = 0; index < node.size(); ++index) {
            collect(node[index], childPointer(pointer, std::to_string(index)));
        }
        return;
    }
    if (!node.is_object()) {
        return;
    }
    for (const auto& [name, value] : node.items()) {
        const std::string where = childPointer(pointer, name);
        if (name == "pattern" && value.is_string()) {
            addPattern(value.get<std::string>(), where);
        } else if (name == "patternProperties" && value.is_object()) {
            for (const auto& member : value.items()) {
                addPattern(member.key(), where);
            }
        } else if (name == "enum" && value.is_array()) {
            values_.insert(values_.end(), value.begin(), value.end());
        } else if (name == "const") {
            values_.push_back(value);
        }
        collect(value, where);
    }
}

} // namespace hub::config
