#include "settings.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace payments {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kNoLimit = 100'000'000'000'000;

[[noreturn]] void refuse(const std::string& name, const Json& value, const std::string& expected)
{
    throw std::invalid_argument("payments: \"" + name + "\" is " + value.dump() + ", expected " +
                                expected);
}

std::int64_t integer(const Json& config,
                     const std::string& name,
                     std::int64_t fallback,
                     std::int64_t minimum,
                     std::int64_t maximum)
{
    if (!config.contains(name)) {
        return fallback;
    }
    const Json& value = config.at(name);
    if (!value.is_number_integer() || value < minimum || value > maximum) {
        refuse(name,
               value,
               "an integer from " + std::to_string(minimum) + " to " + std::to_string(maximum));
    }
    return value.get<std::int64_t>();
}

std::string parseSite(const Json& config)
{
    const Json value = config.value("site", Json{});
    const bool fits = value.is_string() && value.get_ref<const std::string&>().size() == 5 &&
                      std::all_of(value.get_ref<const std::string&>().begin(),
                                  value.get_ref<const std::string&>().end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
    if (!fits) {
        refuse("site", value, "a string of 5 digits, filled in by the hub");
    }
    return value.get<std::string>();
}

std::vector<Channel> parseChannels(const Json& config)
{
    std::vector<Channel> channels;
    const Json methods = config.value("methods", Json::object());
    if (!methods.is_object()) {
        refuse("methods", methods, "an object of {product, accounts} by method");
    }
    for (const auto& [method, way] : methods.items()) {
        const bool fits = way.is_object() && way.contains("product") &&
                          way.at("product").is_string() && way.contains("accounts") &&
                          way.at("accounts").is_array();
        if (!fits) {
            refuse("methods/" + method, way, "an object with product and a list of accounts");
        }
        for (const Json& account : way.at("accounts")) {
            if (!account.is_string()) {
                refuse("methods/" + method + "/accounts", account, "the name of an account");
            }
            channels.push_back(
                {method, account.get<std::string>(), way.at("product").get<std::string>()});
        }
    }
    return channels;
}

LateSuccess parseLateSuccess(const Json& config)
{
    const Json value = config.value("late_success", Json("refund"));
    if (value == "refund") {
        return LateSuccess::Refund;
    }
    if (value == "honor") {
        return LateSuccess::Honor;
    }
    refuse("late_success", value, "\"refund\" or \"honor\"");
}

} // namespace

Settings parseSettings(std::string_view configuration_json)
{
    const Json document = Json::parse(configuration_json, nullptr, false);
    if (!document.is_object() || !document.value("config", Json::object()).is_object()) {
        refuse("config", document, "an object");
    }
    const Json config = document.value("config", Json::object());
    Settings settings;
    settings.site = parseSite(config);
    settings.store_epoch = integer(config, "store_epoch", 0, 0, 999);
    settings.configuration_version = integer(config, "configuration_version", 0, 0, kNoLimit);
    settings.channels = parseChannels(config);
    settings.attempt_life_ms = integer(config, "attempt_life_s", 600, 300, 7200) * kSecond;
    settings.expiry_margin_ms = integer(config, "expiry_margin_s", 120, 10, 86400) * kSecond;
    settings.query_every_ms = integer(config, "query_every_s", 30, 5, 3600) * kSecond;
    settings.payment_life_ms =
        integer(config, "payment_life_s", 7 * 86400, 300, 400 * 86400) * kSecond;
    settings.amount_max_minor = integer(config, "amount_max_minor", 10'000'000, 1, kNoLimit);
    if (config.contains("confirm_by_query_above_minor")) {
        settings.confirm_by_query_above_minor =
            integer(config, "confirm_by_query_above_minor", 0, 0, kNoLimit);
    }
    settings.late_success = parseLateSuccess(config);
    return settings;
}

} // namespace payments
