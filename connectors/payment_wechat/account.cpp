#include "account.hpp"

#include "envelope.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace wechat {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kNotifyUrlBytesMax = 255;
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

/// Reads one account's members, and says where one is wrong.
class Reader {
public:
    Reader(std::string account, const Json& config)
        : account_(std::move(account))
        , config_(config)
    {}

    [[noreturn]] void refuse(std::string_view key, std::string_view rule) const
    {
        throw std::invalid_argument("account " + account_ + ": \"" + std::string{key} + "\" " +
                                    std::string{rule});
    }

    std::string text(const char* key, std::string standard) const
    {
        const auto found = config_.find(key);
        if (found == config_.end()) {
            return standard;
        }
        if (!found->is_string()) {
            refuse(key, "must be a text");
        }
        return found->get<std::string>();
    }

    int number(const char* key, int standard, int max) const
    {
        const auto found = config_.find(key);
        if (found == config_.end()) {
            return standard;
        }
        if (!found->is_number_integer() || *found < 1 || *found > max) {
            refuse(key, "must be a whole number from 1 to " + std::to_string(max));
        }
        return found->get<int>();
    }

    /// An origin: scheme and host, no path.
    std::string origin(const char* key, const std::string& standard) const
    {
        std::string address = text(key, standard);
        constexpr std::string_view kScheme = "https://";
        if (!address.starts_with(kScheme) || address.size() == kScheme.size() ||
            address.find_first_of("/?# ", kScheme.size()) != std::string::npos) {
            refuse(key, "must be https:// and a host, without a path");
        }
        return address;
    }

private:
    std::string account_;
    const Json& config_;
};

bool consistsOf(std::string_view text, std::string_view characters)
{
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

PlatformMode modeOf(const Reader& reader)
{
    const std::string mode = reader.text("platform_keys", "public_key");
    if (mode == "public_key") {
        return PlatformMode::PublicKey;
    }
    if (mode != "certificates" && mode != "both") {
        reader.refuse("platform_keys", "must be public_key, certificates or both");
    }
    return mode == "both" ? PlatformMode::Both : PlatformMode::Certificates;
}

void readPlatform(const Reader& reader, Account& account)
{
    account.platform_mode = modeOf(reader);
    account.public_key_id = reader.text("public_key_id", "");
    account.previous_public_key_id = reader.text("previous_public_key_id", "");
    const auto isId = [](std::string_view id) {
        return id.starts_with(kPublicKeyPrefix) &&
               consistsOf(id.substr(kPublicKeyPrefix.size()), "0123456789");
    };
    if (account.platform_mode != PlatformMode::Certificates && !isId(account.public_key_id)) {
        reader.refuse(
            "public_key_id",
            "must be PUB_KEY_ID_ and digits, as the merchant platform shows it beside the "
            "public key; only platform_keys certificates does without");
    }
    if (!account.previous_public_key_id.empty() && !isId(account.previous_public_key_id)) {
        reader.refuse("previous_public_key_id", "must be PUB_KEY_ID_ and digits");
    }
}

bool readUnsignedErrors(const Reader& reader)
{
    const std::string word = reader.text("unsigned_errors", "believe");
    if (word != "unknown" && word != "believe") {
        reader.refuse("unsigned_errors", "must be unknown or believe");
    }
    return word == "believe";
}

void readCallbackUrl(const Reader& reader, const Json& entry, Account& account)
{
    account.callback_url = entry.value("callback_url", "");
    if (account.callback_url.empty()) {
        return;
    }
    if (!account.callback_url.starts_with("https://") ||
        account.callback_url.find_first_of("?# ") != std::string::npos) {
        reader.refuse("callback_url",
                      "must be an https address without a query; look at the hub's public_url");
    }
    if (account.callback_url.size() > kNotifyUrlBytesMax) {
        reader.refuse("callback_url",
                      "is longer than the provider's 255 characters; shorten public_url");
    }
}

Account parseAccount(const std::string& name, const Json& entry)
{
    const Json config = entry.value("config", Json::object());
    const Reader reader(name, config);
    Account account;
    account.mchid = reader.text("mchid", "");
    account.appid = reader.text("appid", "");
    account.base_url = reader.origin("base_url", account.base_url);
    account.oauth_url = reader.origin("oauth_url", account.oauth_url);
    account.authorize_url = reader.origin("authorize_url", account.authorize_url);
    account.merchant_serial = reader.text("merchant_serial", "");
    account.believes_unsigned_errors = readUnsignedErrors(reader);
    account.h5_type = reader.text("h5_type", account.h5_type);
    account.refund_funds_account = reader.text("refund_funds_account", "");
    account.fund_account = reader.text("fund_account", account.fund_account);
    account.bill_ready_hour = reader.number("bill_ready_hour", account.bill_ready_hour, 23);
    account.http_timeout_ms =
        static_cast<std::uint32_t>(reader.number("http_timeout_ms", 10000, 60000));
    readPlatform(reader, account);
    readCallbackUrl(reader, entry, account);
    if (!consistsOf(account.mchid, "0123456789")) {
        reader.refuse("mchid", "must be the digits that the merchant platform shows");
    }
    if (!account.appid.starts_with("wx")) {
        reader.refuse("appid", "must be the number of an application, which begins with wx");
    }
    if (!account.merchant_serial.empty() && !consistsOf(account.merchant_serial, kUpperHex)) {
        reader.refuse("merchant_serial",
                      "must be the serial number of apiclient_cert.pem in upper-case hexadecimal");
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

} // namespace wechat
