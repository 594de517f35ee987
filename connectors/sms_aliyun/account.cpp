#include "account.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace aliyun {

namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kTimeoutMsMin = 1000;
constexpr std::uint32_t kTimeoutMsMax = 60000;

/// Codes of operators that are commonly met: no document lists them all, so that an account may
/// name others, or these with another reason.
const std::map<std::string, std::string, std::less<>> kCommonReasons = {
    {"CONTENT_ERROR", "content"},
    {"CONTENT_KEYWORD", "content"},
    {"INVALID_NUMBER", "phone_invalid"},
    {"MOBILE_ACCOUNT_ABNORMAL", "phone_off"},
    {"MOBILE_IN_BLACK", "phone_blocked"},
    {"MOBILE_NOT_ON_SERVICE", "phone_off"},
    {"MOBILE_SEND_LIMIT", "limited"},
    {"MOBILE_TERMINAL_ERROR", "phone_off"},
    {"NO_ROUTE", "operator"},
    {"SP_UNKNOWN_ERROR", "operator"},
};

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

    std::string text(const Json& object, const char* key, std::string standard = {}) const
    {
        const auto found = object.find(key);
        if (found == object.end()) {
            return standard;
        }
        if (!found->is_string()) {
            refuse(key, "must be a text");
        }
        return found->get<std::string>();
    }

    std::string need(const Json& object, const char* key) const
    {
        std::string value = text(object, key);
        if (value.empty()) {
            refuse(key, "must be given");
        }
        return value;
    }

    Json object(const Json& owner, const char* key) const
    {
        const auto found = owner.find(key);
        if (found == owner.end()) {
            return Json::object();
        }
        if (!found->is_object()) {
            refuse(key, "must be an object");
        }
        return *found;
    }

    /// The brackets around a signature are the operators' to add.
    std::string signName(const Json& owner) const
    {
        std::string name = text(owner, "sign_name");
        if (name.find("【") != std::string::npos || name.find("】") != std::string::npos) {
            refuse("sign_name", "must be the signature without 【 and 】");
        }
        return name;
    }

    std::string endpoint(const std::string& standard) const
    {
        std::string address = text(config_, "endpoint_url", standard);
        constexpr std::string_view kScheme = "https://";
        if (!address.starts_with(kScheme) || address.size() == kScheme.size() ||
            address.find_first_of("/?# ", kScheme.size()) != std::string::npos) {
            refuse("endpoint_url", "must be https:// and a host, without a path");
        }
        return address;
    }

    std::uint32_t timeout(std::uint32_t standard) const
    {
        const auto found = config_.find("http_timeout_ms");
        if (found == config_.end()) {
            return standard;
        }
        if (!found->is_number_integer() || *found < kTimeoutMsMin || *found > kTimeoutMsMax) {
            refuse("http_timeout_ms", "must be a whole number from 1000 to 60000");
        }
        return found->get<std::uint32_t>();
    }

    Template readTemplate(const Json& given) const
    {
        if (!given.is_object()) {
            refuse("templates", "must hold an object for each language");
        }
        Template read{need(given, "code"), signName(given), {}};
        const Json variables = object(given, "variables");
        for (const auto& [ours, theirs] : variables.items()) {
            if (!theirs.is_string() || theirs.get<std::string>().empty()) {
                refuse("templates", "must name the template's own variable for each of ours");
            }
            read.variables.emplace(ours, theirs.get<std::string>());
        }
        return read;
    }

    std::map<std::pair<std::string, std::string>, Template> templates() const
    {
        std::map<std::pair<std::string, std::string>, Template> all;
        const Json given = object(config_, "templates");
        for (const auto& [name, languages] : given.items()) {
            if (!languages.is_object()) {
                refuse("templates", "must hold an object for each template");
            }
            for (const auto& [language, one] : languages.items()) {
                all.emplace(std::pair{name, language}, readTemplate(one));
            }
        }
        if (all.empty()) {
            refuse("templates", "must name at least one template in one language");
        }
        return all;
    }

    std::map<std::string, std::string, std::less<>> reasons() const
    {
        auto all = kCommonReasons;
        const Json given = object(config_, "delivery_reasons");
        for (const auto& [code, reason] : given.items()) {
            if (!reason.is_string()) {
                refuse("delivery_reasons", "must hold texts");
            }
            all.insert_or_assign(code, reason.get<std::string>());
        }
        return all;
    }

private:
    std::string account_;
    const Json& config_;
};

Account readAccount(const std::string& name, const Json& config)
{
    const Reader reader(name, config);
    Account account;
    account.access_key_id = reader.need(config, "access_key_id");
    account.sign_name = reader.signName(config);
    if (account.sign_name.empty()) {
        reader.refuse("sign_name", "must be given");
    }
    account.templates = reader.templates();
    account.endpoint_url = reader.endpoint(account.endpoint_url);
    account.delivery_reasons = reader.reasons();
    account.http_timeout_ms = reader.timeout(account.http_timeout_ms);
    return account;
}

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
        accounts.emplace(name, readAccount(name, account["config"]));
    }
    return accounts;
}

} // namespace aliyun
