#include "settings.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace orders {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;

} // namespace

Settings parseSettings(std::string_view create_json)
{
    const auto document = nlohmann::json::parse(create_json, nullptr, false);
    if (!document.is_object()) {
        throw std::invalid_argument("orders: the configuration is no JSON object");
    }
    const auto config = document.value("config", nlohmann::json::object());
    Settings settings;
    settings.order_life_ms = config.value("order_life_hours", 168) * kHourMs;
    settings.postpone_ms = config.value("postpone_minutes", 10) * kMinuteMs;
    settings.reminder_ms = config.value("reminder_hours", 24) * kHourMs;
    settings.arrival_margin_ms = config.value("arrival_margin_minutes", 30) * kMinuteMs;
    settings.checkout_method = config.value("checkout_method", "wallets");
    return settings;
}

} // namespace orders
