#include "account.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace licence_reader {

namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kTimeoutMsMin = 1000;
constexpr std::uint32_t kTimeoutMsMax = 60000;
constexpr std::size_t kKeyIdBytesMax = 64;

/// Reads one account's members, and says where one is wrong.
class Reader {
public:
    Reader(std::string account, const Json& config)
        : account_(std::move(account))
        , config_(config)
    {}

    Account read() const
    {
        Account account;
        account.key_id = keyId();
        account.endpoint_url = endpoint(account.endpoint_url);
        account.http_timeout_ms = timeout(account.http_timeout_ms);
        return account;
    }

private:
    [[noreturn]] void refuse(std::string_view key, std::string_view rule) const
    {
        throw std::invalid_argument("account " + account_ + ": \"" + std::string{key} + "\" " +
                                    std::string{rule});
    }

    std::string text(const char* key, const std::string& standard) const
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

    /// It becomes a header, so nothing but letters, digits and . _ - may stand in it.
    std::string keyId() const
    {
        std::string id = text("key_id", {});
        const bool is_sound = !id.empty() && id.size() <= kKeyIdBytesMax &&
                              std::all_of(id.begin(), id.end(), [](char c) {
                                  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                         (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
                              });
        if (!is_sound) {
            refuse("key_id", "must be 1 to 64 letters, digits, \".\", \"_\" or \"-\"");
        }
        return id;
    }

    std::string endpoint(const std::string& standard) const
    {
        std::string address = text("endpoint_url", standard);
        constexpr std::string_view kScheme = "https://";
        if (!address.starts_with(kScheme) || address.size() == kScheme.size() ||
            address.find_first_of("/?# @", kScheme.size()) != std::string::npos) {
            refuse("endpoint_url", "must be https:// and a host, without a path");
        }
        return address;
    }

    std::uint32_t timeout(std::uint32_t standard) const
    {
        const Json given = config_.value("http_timeout_ms", Json(standard));
        if (!given.is_number_integer() || given < kTimeoutMsMin || given > kTimeoutMsMax) {
            refuse("http_timeout_ms", "must be a whole number from 1000 to 60000");
        }
        return given.get<std::uint32_t>();
    }

    std::string account_;
    const Json& config_;
};

} // namespace

Accounts parseAccounts(std::string_view create_json)
{
    const Json create = Json::parse(create_json, nullptr, false);
    if (!create.is_object() || !create.contains("accounts") || !create["accounts"].is_object()) {
        throw std::invalid_argument("the configuration has no \"accounts\"");
    }
    Accounts accounts;
    for (const auto& [name, account] : create["accounts"].items()) {
        const bool is_sound =
            account.is_object() && account.contains("config") && account["config"].is_object();
        if (!is_sound) {
            throw std::invalid_argument("account " + name + ": \"config\" must be an object");
        }
        accounts.emplace(name, Reader(name, account["config"]).read());
    }
    return accounts;
}

} // namespace licence_reader
