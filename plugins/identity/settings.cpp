#include "settings.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace identity {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;

} // namespace

Settings parseSettings(std::string_view create_json)
{
    const auto document = nlohmann::json::parse(create_json, nullptr, false);
    if (!document.is_object()) {
        throw std::invalid_argument("identity: the configuration is no JSON object");
    }
    const auto config = document.value("config", nlohmann::json::object());
    Settings settings;
    settings.session_idle_ms = config.value("session_idle_minutes", 120) * kMinuteMs;
    settings.session_ms = config.value("session_hours", 72) * 60 * kMinuteMs;
    settings.lockout.failures_max = config.value("failures_before_lock", 5);
    settings.lockout.lock_ms = config.value("lock_minutes", 15) * kMinuteMs;
    settings.network_lockout.failures_max = config.value("network_failures_before_lock", 50);
    settings.network_lockout.lock_ms = settings.lockout.lock_ms;
    settings.captcha_after = config.value("failures_before_captcha", 3);
    settings.captcha_ms = config.value("captcha_minutes", 5) * kMinuteMs;
    settings.invitation_ms = config.value("invitation_days", 7) * 24 * 60 * kMinuteMs;
    settings.invitation_address = config.value("invitation_address", "/console/invitation");
    settings.privacy_version = config.value("privacy_version", "1");
    settings.totp_issuer = config.value("totp_issuer", "ExpoHub");
    return settings;
}

} // namespace identity
