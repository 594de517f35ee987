// The one list of settings: key, kind, default, text, and where the value goes. It checks values,
// and config/hub.schema.md is made from it.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hub::config {

/// A text that fits `pattern`; `expectation` says so in words.
struct TextRule {
    const char* pattern;
    const char* expectation;
    std::string& (*target)(Settings&);
};

struct IntegerRule {
    std::int64_t minimum;
    std::int64_t maximum;
    std::int64_t& (*target)(Settings&);
};

struct PathRule {
    bool required;
    std::filesystem::path& (*target)(Settings&);
};

/// One of a few words; `assign` gets its index.
struct ChoiceRule {
    std::vector<std::string> words;
    void (*assign)(Settings&, std::size_t);
};

using Rule = std::variant<TextRule, IntegerRule, PathRule, ChoiceRule>;

struct Setting {
    const char* key;
    const char* default_value;
    Rule rule;
    const char* text;
    bool sensitive = false; // its value is never shown
};

const std::vector<Setting>& settingTable();
const Setting* findSetting(std::string_view key);

/// "EXPOHUB_GATEWAY_HTTP_PORT" for "gateway.http_port".
std::string environmentName(std::string_view key);

/// What the value must be, as in "must be …".
std::string expectation(const Setting& setting);

/// False when the value does not fit; `settings` is then untouched. A relative path is taken from
/// `base`.
bool assign(const Setting& setting,
            const std::string& value,
            const std::filesystem::path& base,
            Settings& settings);

/// The text of config/hub.schema.md.
std::string settingsDocument();

} // namespace hub::config
