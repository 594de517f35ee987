// One configured merchant account, read from the text that create() receives. The hub has checked
// it against the manifest's schema; what the schema can't say is checked here.
#pragma once

#include "unionpay_acp/certificate.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace payment_unionpay {

struct Account {
    std::string merchant_id;
    std::string gateway_url;  // "https://gateway.95516.com", without a slash at its end
    std::string file_url;     // whole
    std::string callback_url; // of the hub, for notifications; empty: none are asked for
    unionpay::TrustAnchors anchors;
    unionpay::TrustRules rules;
    std::int64_t order_life_ms = 0; // no order can be paid later than this after its creation
    bool qr_states_end = true;      // payTimeout in an application for a code
    std::string page_business = "000201";
    std::string refund_business; // of pages' refunds; empty: as the payment's
    std::uint32_t http_timeout_ms = 10000;
    int bill_ready_hour = 12; // of the next day, Beijing: from then on "no file" is believed
};

using Accounts = std::map<std::string, Account, std::less<>>;

/// Throws std::invalid_argument naming account, key and expectation.
Accounts parseAccounts(std::string_view create_json);

} // namespace payment_unionpay
