#include "settings.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

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

RouteRule parseRule(const std::string& place, const Json& json, int position)
{
    RouteRule rule;
    rule.priority = position; // the list's own order, where nothing else is said
    if (json.is_string()) {
        rule.account = json.get<std::string>();
        return rule;
    }
    if (!json.is_object() || !json.value("account", Json{}).is_string()) {
        refuse(place, json, "the name of an account, or an object with \"account\"");
    }
    rule.account = json.at("account").get<std::string>();
    rule.priority = static_cast<int>(integer(json, "priority", position, 1, 1000));
    rule.weight = static_cast<int>(integer(json, "weight", 1, 1, 1000));
    rule.edition = json.value("edition", "");
    rule.amount_min_minor = integer(json, "amount_min_minor", 0, 0, kNoLimit);
    rule.amount_max_minor = integer(json, "amount_max_minor", kNoLimit, 0, kNoLimit);
    if (json.contains("day_limit_minor")) {
        rule.day_limit_minor = integer(json, "day_limit_minor", 0, 0, kNoLimit);
    }
    return rule;
}

/// A form that the payer's browser posts names the page to come back to.
bool needsReturn(const Json& product)
{
    return product == "page" || product == "wap";
}

std::vector<Method> parseMethods(const Json& config)
{
    std::vector<Method> methods;
    const Json given = config.value("methods", Json::object());
    if (!given.is_object()) {
        refuse("methods", given, "an object of {product, accounts} by method");
    }
    for (const auto& [name, way] : given.items()) {
        const bool fits = way.is_object() && way.contains("product") &&
                          way.at("product").is_string() && way.contains("accounts") &&
                          way.at("accounts").is_array();
        if (!fits) {
            refuse("methods/" + name, way, "an object with product and a list of accounts");
        }
        if (needsReturn(way.at("product")) && !way.value("checkout", false)) {
            refuse("methods/" + name,
                   way,
                   "\"checkout\": true beside product page or wap: the provider sends people back "
                   "to the checkout's page");
        }
        Method method{name, way.at("product"), way.value("checkout", false), {}};
        for (const Json& account : way.at("accounts")) {
            method.rules.push_back(parseRule("methods/" + name + "/accounts",
                                             account,
                                             static_cast<int>(method.rules.size()) + 1));
        }
        methods.push_back(std::move(method));
    }
    return methods;
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

const Method* Settings::findMethod(std::string_view name) const
{
    const auto found = std::find_if(methods.begin(), methods.end(), [name](const Method& method) {
        return method.name == name;
    });
    return found == methods.end() ? nullptr : &*found;
}

Settings parseSettings(std::string_view configuration_json)
{
    const Json document = Json::parse(configuration_json, nullptr, false);
    if (!document.is_object() || !document.value("config", Json::object()).is_object()) {
        refuse("config", document, "an object");
    }
    const Json config = document.value("config", Json::object());
    Settings settings;
    settings.site = parseSite(config);
    settings.public_url = config.value("public_url", "");
    settings.store_epoch = integer(config, "store_epoch", 0, 0, 999);
    settings.configuration_version = integer(config, "configuration_version", 0, 0, kNoLimit);
    settings.methods = parseMethods(config);
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
