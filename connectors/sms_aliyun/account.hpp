// One configured account, read from the text that create() receives. The hub has checked it
// against the manifest's schema; what the schema can't say is checked here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace aliyun {

/// A template of the provider that stands for one of ours in one language.
struct Template {
    std::string code;                             // SMS_…
    std::string sign_name;                        // empty: the account's
    std::map<std::string, std::string> variables; // our names and the template's
};

struct Account {
    std::string access_key_id;
    std::string sign_name;
    std::map<std::pair<std::string, std::string>, Template> templates; // by our name and language
    std::string endpoint_url = "https://dysmsapi.aliyuncs.com";
    /// The contract's reasons for the operators' codes of failed deliveries.
    std::map<std::string, std::string, std::less<>> delivery_reasons;
    std::uint32_t http_timeout_ms = 8000;
};

using Accounts = std::map<std::string, Account, std::less<>>;

/// Throws std::invalid_argument naming account, key and expectation.
Accounts parseAccounts(std::string_view create_json);

} // namespace aliyun
