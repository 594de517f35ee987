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
    std::string product_code = "FACE_TO_FACE_PAYMENT"; // of codes
    std::string wap_product_code = "QUICK_WAP_WAY";
    std::string page_product_code = "FAST_INSTANT_TRADE_PAY";
    std::string charset = "utf-8";
    std::string callback_url;   // of the hub, for notices; empty: none are asked for
    int qr_timeout_minutes = 0; // 0: the provider's own
    std::uint32_t http_timeout_ms = 10000;
    bool uses_certificates = false; // else keys alone
    bool uses_rest = false;         // REST v3; else gateway.do
    std::string root_certificates;  // PEM; with uses_certificates
    int bill_ready_hour = 12;       // of the next day, Beijing: from then on "no bill" is believed
};

/// What a request names in certificate mode; both are empty in key mode.
struct CertificateNumbers {
    std::string app;
    std::string root;
};

using Accounts = std::map<std::string, Account, std::less<>>;

/// Throws std::invalid_argument naming account, key and expectation.
Accounts parseAccounts(std::string_view create_json);

} // namespace alipay
