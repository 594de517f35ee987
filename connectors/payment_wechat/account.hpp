// One configured merchant account, read from the text that create() receives. The hub has checked
// it against the manifest's schema; what the schema can't say is checked here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace wechat {

/// By what the provider's signatures are checked.
enum class PlatformMode {
    PublicKey,    // one key with a PUB_KEY_ID_… name
    Certificates, // certificates by their serial numbers
    Both          // while the merchant is moved from the one to the other
};

struct Account {
    std::string mchid;
    std::string appid;
    std::string base_url = "https://api.mch.weixin.qq.com";
    std::string oauth_url = "https://api.weixin.qq.com";
    std::string authorize_url = "https://open.weixin.qq.com";
    std::string callback_url;    // of the hub, for notices; empty: the hub has no public address
    std::string merchant_serial; // when merchant_key is no certificate; else unused
    PlatformMode platform_mode = PlatformMode::PublicKey;
    std::string public_key_id;          // PUB_KEY_ID_…; not with Certificates
    std::string previous_public_key_id; // accepted, too; empty: none
    bool believes_unsigned_errors = false;
    std::string h5_type = "Wap";
    std::string refund_funds_account; // empty: the provider's choice
    std::string fund_account = "BASIC";
    int bill_ready_hour = 12; // of the next day, Beijing: from then on "no bill" is believed
    std::uint32_t http_timeout_ms = 10000;
};

using Accounts = std::map<std::string, Account, std::less<>>;

/// Throws std::invalid_argument naming account, key and expectation.
Accounts parseAccounts(std::string_view create_json);

} // namespace wechat
