#include "account.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace payment_unionpay {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMerchantIdBytes = 15;
constexpr std::size_t kBackUrlBytesMax = 256;
constexpr std::int64_t kMinuteMs = 60000;

[[noreturn]] void refuse(const std::string& account, std::string_view key, std::string_view rule)
{
    throw std::invalid_argument("account " + account + ": \"" + std::string{key} + "\" " +
                                std::string{rule});
}

std::string
textOf(const std::string& account, const Json& config, const char* key, std::string standard)
{
    const auto found = config.find(key);
    if (found == config.end()) {
        return standard;
    }
    if (!found->is_string()) {
        refuse(account, key, "must be a text");
    }
    return found->get<std::string>();
}

int numberOf(const std::string& account, const Json& config, const char* key, int standard, int max)
{
    const auto found = config.find(key);
    if (found == config.end()) {
        return standard;
    }
    if (!found->is_number_integer() || *found < 1 || *found > max) {
        refuse(account, key, "must be a whole number from 1 to " + std::to_string(max));
    }
    return found->get<int>();
}

bool flagOf(const std::string& account, const Json& config, const char* key, bool standard)
{
    const auto found = config.find(key);
    if (found == config.end()) {
        return standard;
    }
    if (!found->is_boolean()) {
        refuse(account, key, "must be true or false");
    }
    return found->get<bool>();
}

/// Empty only where `standard` is.
std::string businessOf(const std::string& account,
                       const Json& config,
                       const char* key,
                       const std::string& standard)
{
    if (!config.contains(key)) {
        return standard;
    }
    std::string text = textOf(account, config, key, standard);
    if (text.size() != 6 || text.find_first_not_of("0123456789") != std::string::npos) {
        refuse(account, key, "must be a bizType of six digits");
    }
    return text;
}

std::string addressOf(const std::string& account, const Json& config, const char* key)
{
    std::string text = textOf(account, config, key, "");
    if (!text.starts_with("https://") || text.find_first_of("?# ") != std::string::npos) {
        refuse(account, key, "must be an https address without a query");
    }
    return text;
}

void readTrust(const std::string& name, const Json& config, Account& account)
{
    auto anchors = unionpay::TrustAnchors::parse(textOf(name, config, "middle_certificate", ""),
                                                 textOf(name, config, "root_certificate", ""));
    if (!anchors.ok()) {
        const std::string& why = anchors.error().message;
        const auto colon = why.find(": ");
        refuse(name,
               why.substr(0, colon),
               "must be the PEM text of UnionPay's file: " + why.substr(colon + 2));
    }
    account.anchors = std::move(anchors).value();
    account.rules = flagOf(name, config, "sandbox", false) ? unionpay::TrustRules::sandbox()
                                                           : unionpay::TrustRules::production();
}

Account parseAccount(const std::string& name, const Json& entry)
{
    const Json config = entry.value("config", Json::object());
    Account account;
    account.merchant_id = textOf(name, config, "merchant_id", "");
    const bool is_plain =
        std::all_of(account.merchant_id.begin(), account.merchant_id.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        });
    if (account.merchant_id.size() != kMerchantIdBytes || !is_plain) {
        refuse(name, "merchant_id", "must be the merchant's number, 15 letters and digits");
    }
    account.gateway_url = addressOf(name, config, "gateway_url");
    if (account.gateway_url.ends_with('/')) {
        account.gateway_url.pop_back();
    }
    account.file_url = addressOf(name, config, "file_url");
    readTrust(name, config, account);
    account.order_life_ms = numberOf(name, config, "order_life_minutes", 1440, 43200) * kMinuteMs;
    account.qr_states_end = flagOf(name, config, "qr_pay_timeout", true);
    account.page_business = businessOf(name, config, "page_biz_type", "000201");
    account.refund_business = businessOf(name, config, "refund_biz_type", "");
    account.http_timeout_ms =
        static_cast<std::uint32_t>(numberOf(name, config, "http_timeout_ms", 10000, 60000));
    account.bill_ready_hour = numberOf(name, config, "bill_ready_hour", 12, 23);
    account.callback_url = textOf(name, entry, "callback_url", "");
    if (textOf(name, config, "timezone", "Asia/Shanghai") != "Asia/Shanghai") {
        refuse(name, "timezone", "must be Asia/Shanghai: the provider has no other");
    }
    if (account.callback_url.size() > kBackUrlBytesMax) {
        refuse(name,
               "callback_url",
               "is longer than the provider's 256 characters; shorten public_url");
    }
    return account;
}

} // namespace

Accounts parseAccounts(std::string_view create_json)
{
    const Json root = Json::parse(create_json, nullptr, false);
    if (!root.is_object()) {
        throw std::invalid_argument("the configuration is no JSON object");
    }
    Accounts accounts;
    const Json entries = root.value("accounts", Json::object());
    for (const auto& [name, entry] : entries.items()) {
        accounts.emplace(name, parseAccount(name, entry));
    }
    return accounts;
}

} // namespace payment_unionpay
