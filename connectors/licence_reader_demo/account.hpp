// One configured account, read from the text that create() receives. The hub has checked it
// against the manifest's schema; what the schema can't say is checked here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace licence_reader {

struct Account {
    std::string key_id;
    std::string endpoint_url = "https://licences.example.com";
    std::uint32_t http_timeout_ms = 15000;
};

using Accounts = std::map<std::string, Account, std::less<>>;

/// Throws std::invalid_argument naming account, key and expectation.
Accounts parseAccounts(std::string_view create_json);

} // namespace licence_reader
