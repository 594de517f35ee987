// One configured merchant account, read from the text that create() receives. The hub has checked
// it against the manifest's schema; what the schema can't say is checked here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace alipay {

struct Account {
    std::string app_id;
    std::string seller_id;
    std::string gateway_url;
    std::string product_code = "FACE_TO_FACE_PAYMENT";
    std::string charset = "utf-8";
    std::string callback_url;   // of the hub, for notices; empty: none are asked for
    int qr_timeout_minutes = 0; // 0: the provider's own
    std::uint32_t http_timeout_ms = 10000;
};

using Accounts = std::map<std::string, Account, std::less<>>;

/// Throws std::invalid_argument naming account, key and expectation.
Accounts parseAccounts(std::string_view create_json);

} // namespace alipay
