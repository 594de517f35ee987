#include "settings.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace messaging {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kHourMs = 3600 * kSecondMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

[[noreturn]] void refuse(const std::string& name, const Json& value, const std::string& expected)
{
    throw std::invalid_argument("messaging: \"" + name + "\" is " + value.dump() + ", expected " +
                                expected);
}

std::int64_t integer(const Json& config, const std::string& name, std::int64_t fallback)
{
    const Json value = config.value(name, Json(fallback));
    if (!value.is_number_integer() || value < 1) {
        refuse(name, value, "a whole number of at least 1");
    }
    return value.get<std::int64_t>();
}

/// "21:00"
int minuteOfDay(const Json& hours, const std::string& name)
{
    const Json value = hours.value(name, Json{});
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    const bool is_time = text.size() == 5 && text[2] == ':' &&
                         text.find_first_not_of("0123456789:") == std::string::npos;
    const int hour = is_time ? std::stoi(text.substr(0, 2)) : 24;
    const int minute = is_time ? std::stoi(text.substr(3)) : 60;
    if (hour > 23 || minute > 59) {
        refuse("quiet_hours/" + name, value, "a time of the day like \"21:00\"");
    }
    return hour * 60 + minute;
}

std::vector<Notice> parseNotices(const Json& config)
{
    std::vector<Notice> notices = builtInNotices();
    const Json changes = config.value("notices", Json::object());
    for (const auto& [type, change] : changes.items()) {
        const auto found =
            std::find_if(notices.begin(), notices.end(), [&type = type](const Notice& notice) {
                return notice.event_type == type;
            });
        if (found == notices.end()) {
            refuse("notices/" + type, change, "an event that this plugin subscribes to");
        }
        found->template_name = change.value("template", found->template_name);
        found->is_enabled = change.value("enabled", true);
    }
    return notices;
}

} // namespace

const Notice* Settings::findNotice(std::string_view event_type) const
{
    const auto found = std::find_if(notices.begin(), notices.end(), [&](const Notice& notice) {
        return notice.event_type == event_type && notice.is_enabled;
    });
    return found == notices.end() ? nullptr : &*found;
}

Settings parseSettings(std::string_view configuration_json)
{
    const Json document = Json::parse(configuration_json, nullptr, false);
    if (!document.is_object() || !document.value("config", Json::object()).is_object()) {
        refuse("config", document, "an object");
    }
    const Json config = document.value("config", Json::object());
    Settings settings;
    settings.accounts = config.value("accounts", std::vector<std::string>{});
    settings.code_life_ms = integer(config, "code_life_s", 300) * kSecondMs;
    settings.code_tries_max = integer(config, "code_tries_max", 5);
    settings.number_pause_ms = integer(config, "number_pause_s", 60) * kSecondMs;
    settings.number_limits = {{settings.number_pause_ms, 1},
                              {kHourMs, integer(config, "number_hour_max", 5)},
                              {kDayMs, integer(config, "number_day_max", 10)}};
    settings.client_limits = {{kHourMs, integer(config, "client_hour_max", 20)}};
    if (config.contains("quiet_hours")) {
        const Json& hours = config.at("quiet_hours");
        settings.quiet_hours = {minuteOfDay(hours, "from"), minuteOfDay(hours, "until")};
    }
    settings.retention_ms = integer(config, "retention_days", 180) * kDayMs;
    settings.notices = parseNotices(config);
    return settings;
}

} // namespace messaging
