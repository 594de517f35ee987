// The "alipay" section of simulator.json: who may call, with which keys, and the limits that are
// contract or setting rather than protocol.
#pragma once

#include "core/crypto.hpp"
#include "core/json.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::alipay {

/// One application of a merchant.
struct App {
    std::string app_id;
    std::string seller_id; ///< the PID, 2088…
    std::string seller_email;
    std::string account_name;
    std::shared_ptr<EVP_PKEY> public_key;
    std::string certificate_number;  ///< of the certificate for the same key
    bool needs_certificates = false; ///< requests in key mode are refused
    std::int64_t limit_minor = 0;    ///< of one order
    bool blocked = false;
    std::vector<std::string> methods_denied;
    std::vector<std::string> store_ids; ///< empty: any store is known
};

struct Settings {
    std::vector<App> apps;
    std::shared_ptr<EVP_PKEY> provider_key;
    std::string provider_number; ///< of the provider's certificate
    std::string root_number;     ///< of the bundle of roots
    std::int64_t timestamp_tolerance_ms = 0;
    std::int64_t refund_window_ms = 0;
    std::int64_t cancel_window_ms = 0;
    std::vector<std::int64_t> notify_pauses_ms;
    /// Trade states that are told though no money moves (Alipay tells none of them by default).
    std::vector<std::string> notify_also;
    std::vector<std::string> forbidden_words;
    std::string buyer_id;
    std::string buyer_logon_id;

    const App* findApp(std::string_view app_id) const;
};

/// Reads the section; paths in it are relative to `folder`. Throws std::runtime_error naming the
/// member, its value and what is expected. An unknown member is refused.
Settings readSettings(const Json& section, const std::filesystem::path& folder);

/// Completes the section with what is missing (one application with a visibly synthetic number)
/// and makes the keys and certificates that it names.
void prepare(Json& section, const std::filesystem::path& folder);

} // namespace hub::simulator::alipay
