#include "settings.hpp"

#include "provider.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <core/crypto.hpp>

namespace simulated {

namespace {

using hub::simulator::Json;

constexpr std::size_t kKeySize = 32;

void setDefault(Json& object, const char* name, Json value)
{
    if (!object.contains(name)) {
        object[name] = std::move(value);
    }
}

template <typename Value>
Value get(const Json& object, const char* name)
{
    try {
        return object.at(name).get<Value>();
    } catch (const Json::exception&) {
        throw std::runtime_error("simulator.json: \"" + std::string(name) + "\" of " + kName +
                                 " is missing or of another type; run prepare on a fresh folder "
                                 "to see its form");
    }
}

} // namespace

const Merchant* Settings::findMerchant(std::string_view merchant) const
{
    const auto found = std::find_if(merchants.begin(), merchants.end(), [&](const Merchant& one) {
        return one.merchant == merchant;
    });
    return found == merchants.end() ? nullptr : &*found;
}

void prepare(Json& section, const std::filesystem::path&)
{
    setDefault(section, "timestamp_tolerance_s", 300);
    setDefault(section, "refund_window_s", 365 * 24 * 3600);
    setDefault(section, "refund_takes_s", 0);
    setDefault(section, "notify_schedule_s", {5, 15, 60, 300, 1800, 3600});
    setDefault(section, "merchants", Json::array({Json::object()}));
    for (Json& merchant : section["merchants"]) {
        setDefault(merchant, "merchant", "M0001");
        setDefault(merchant, "name", "模拟商户 Sample Merchant");
        setDefault(merchant, "api_key", hub::simulator::randomToken(kKeySize));
        setDefault(merchant, "limit_minor", 10'000'000);
        setDefault(merchant, "suspended", false);
    }
}

Settings readSettings(const Json& section)
{
    Settings settings;
    for (const Json& merchant : get<Json>(section, "merchants")) {
        settings.merchants.push_back({get<std::string>(merchant, "merchant"),
                                      get<std::string>(merchant, "name"),
                                      get<std::string>(merchant, "api_key"),
                                      get<std::int64_t>(merchant, "limit_minor"),
                                      get<bool>(merchant, "suspended")});
    }
    settings.timestamp_tolerance_ms = get<std::int64_t>(section, "timestamp_tolerance_s") * 1000;
    settings.refund_window_ms = get<std::int64_t>(section, "refund_window_s") * 1000;
    settings.refund_takes_ms = get<std::int64_t>(section, "refund_takes_s") * 1000;
    for (const auto pause_s : get<std::vector<std::int64_t>>(section, "notify_schedule_s")) {
        settings.notify_pauses_ms.push_back(pause_s * 1000);
    }
    return settings;
}

} // namespace simulated
