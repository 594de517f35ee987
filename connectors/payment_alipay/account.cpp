#include "account.hpp"

#include "certificate.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace alipay {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kNotifyUrlBytesMax = 256;

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

bool isDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// True when the text of `key` is `other`, false when it is `standard` or absent.
bool isOther(const std::string& account,
             const Json& config,
             const char* key,
             const std::string& standard,
             const std::string& other)
{
    const std::string text = textOf(account, config, key, standard);
    if (text != standard && text != other) {
        refuse(account, key, "must be " + standard + " or " + other);
    }
    return text == other;
}

void readModes(const std::string& name, const Json& config, Account& account)
{
    account.uses_certificates = isOther(name, config, "mode", "key", "certificate");
    account.uses_rest = isOther(name, config, "api", "gateway", "v3");
    account.root_certificates = textOf(name, config, "root_certificates", "");
    if (account.uses_certificates) {
        const auto roots = parseCertificates(account.root_certificates);
        if (!roots.ok()) {
            refuse(name,
                   "root_certificates",
                   "must be the text of alipayRootCert.crt: " + roots.error().message);
        }
    }
}

Account parseAccount(const std::string& name, const Json& entry)
{
    const Json config = entry.value("config", Json::object());
    Account account;
    account.app_id = textOf(name, config, "app_id", "");
    account.seller_id = textOf(name, config, "seller_id", "");
    account.gateway_url = textOf(name, config, "gateway_url", "");
    account.product_code = textOf(name, config, "product_code", account.product_code);
    account.wap_product_code = textOf(name, config, "wap_product_code", account.wap_product_code);
    account.page_product_code =
        textOf(name, config, "page_product_code", account.page_product_code);
    account.charset = textOf(name, config, "charset", account.charset);
    account.qr_timeout_minutes = numberOf(name, config, "qr_timeout_minutes", 0, 120);
    account.http_timeout_ms =
        static_cast<std::uint32_t>(numberOf(name, config, "http_timeout_ms", 10000, 60000));
    account.bill_ready_hour = numberOf(name, config, "bill_ready_hour", 12, 23);
    account.callback_url = textOf(name, entry, "callback_url", "");
    readModes(name, config, account);
    if (!isDigits(account.app_id)) {
        refuse(name, "app_id", "must be the digits that the provider's console shows");
    }
    if (!isDigits(account.seller_id)) {
        refuse(name, "seller_id", "must be the merchant's number, 16 digits beginning with 2088");
    }
    if (!account.gateway_url.starts_with("https://") ||
        account.gateway_url.find_first_of("?# ") != std::string::npos) {
        refuse(name, "gateway_url", "must be an https address without a query");
    }
    if (account.charset != "utf-8") {
        refuse(name, "charset", "must be utf-8");
    }
    if (textOf(name, config, "timezone", "Asia/Shanghai") != "Asia/Shanghai") {
        refuse(name, "timezone", "must be Asia/Shanghai: the provider has no other");
    }
    if (account.callback_url.size() > kNotifyUrlBytesMax) {
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

} // namespace alipay
