// The section "wechat" of simulator.json: the provider's habits and its merchants.
#pragma once

#include "core/crypto.hpp"
#include "core/json.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::wechat {

/// How the provider signs for a merchant. Both: the merchant is changing over, and its request says
/// by Wechatpay-Serial which one it wants.
enum class Mode { Certificate, PublicKey, Both };

struct Merchant {
    std::string mchid;
    std::string name;
    std::vector<std::string> appids;
    std::string app_secret; ///< of all its appids, for OAuth
    std::string apiv3_key;  ///< 32 bytes
    std::string serial;     ///< of its certificate, upper-case hex
    std::shared_ptr<EVP_PKEY> public_key;
    Mode mode = Mode::Both;
    std::int64_t limit_minor = 0; ///< of one order
    bool blocked = false;
    std::vector<std::string> denied; ///< methods that were not granted
};

struct Settings {
    std::vector<Merchant> merchants;
    std::filesystem::path platform_folder; ///< keys and certificates that the provider signs with
    std::string public_key_id;
    std::shared_ptr<EVP_PKEY> public_key_private;
    std::int64_t timestamp_tolerance_ms = 0;
    std::int64_t code_life_ms = 0;
    std::int64_t h5_life_ms = 0;
    std::int64_t order_life_ms = 0; ///< when the order names no end
    std::int64_t refund_window_ms = 0;
    std::int64_t refund_takes_ms = 0; ///< test clock, from acceptance to the payer
    std::int64_t refund_pause_ms = 0; ///< test clock, between refunds of one order
    std::int64_t bill_ready_ms = 0;   ///< test clock, after the end of the bill's day
    std::vector<std::int64_t> notify_pauses_ms;
    std::vector<std::string> required_headers;
    std::map<std::string, std::string> spellings; ///< of codes, where accounts see another one
    bool code_is_web = false;     ///< codes hold the page's own address instead of weixin://
    bool refusals_signed = false; ///< the documents allow both
    std::string openid;           ///< the payer's

    const Merchant* findMerchant(std::string_view mchid) const;
    const Merchant* findByAppid(std::string_view appid) const;
};

/// "certificate", "public_key" or "both". Throws std::runtime_error for anything else.
Mode parseMode(std::string_view text);

/// Reads the section; paths in it are relative to `folder`. Throws std::runtime_error naming the
/// member. An unknown member is refused.
Settings readSettings(const Json& section, const std::filesystem::path& folder);

/// Completes the section with what is missing (one merchant with a visibly synthetic number) and
/// makes the keys and certificates that it names.
void prepare(Json& section, const std::filesystem::path& folder);

} // namespace hub::simulator::wechat
