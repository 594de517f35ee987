// SchemaNotes: what valijson's parsed constraints don't give back: patterns, compiled once, and
// the values of enums, for messages. Private to schema.cpp.
#pragma once

#include "base/json.hpp"

#include <map>
#include <regex>
#include <string>
#include <vector>

namespace hub::config {

/// The JSON Pointer of a member or item of what `pointer` names.
std::string childPointer(const std::string& pointer, const std::string& name);

class SchemaNotes {
public:
    /// Throws std::exception for a pattern that is none.
    explicit SchemaNotes(const base::Json& schema);

    const std::regex& pattern(const std::string& text) const { return patterns_.at(text); }
    const std::vector<base::Json>& values() const noexcept { return values_; }

private:
    void collect(const base::Json& node, const std::string& pointer);
    void addPattern(const std::string& text, const std::string& pointer);

    std::map<std::string, std::regex> patterns_;
    std::vector<base::Json> values_;
};

} // namespace hub::config
