// The section "unionpay" of simulator.json: the provider's habits and its merchants. What no
// document settles (codes of some refusals, marks in the bill) is a setting here.
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

namespace hub::simulator::unionpay {

struct Merchant {
    std::string mer_id;
    std::string name;
    std::map<std::string, std::shared_ptr<EVP_PKEY>> keys; ///< by certId
    std::int64_t limit_minor = 0;                          ///< of one order
    bool blocked = false;
    std::vector<std::string> denied; ///< methods that were not granted
};

struct Settings {
    std::vector<Merchant> merchants;
    std::filesystem::path authority_folder;
    std::filesystem::path signing_folder;
    std::string certificate_name; ///< of what signs; its third part between @ names UnionPay
    std::int64_t time_tolerance_ms = 0;
    std::int64_t order_life_ms = 0; ///< without payTimeout
    std::int64_t refund_window_ms = 0;
    std::int64_t qr_refund_window_ms = 0;
    std::int64_t refund_takes_ms = 0; ///< test clock, from acceptance to the payer
    std::int64_t bill_ready_ms = 0;   ///< test clock, after the end of the settlement day
    std::vector<std::int64_t> notify_pauses_ms;
    std::map<std::string, std::string> codes;       ///< respCode by reason
    std::map<std::string, std::string> trade_codes; ///< the bill's first column by txnType
    std::string credit_mark;
    std::string debit_mark;
    std::vector<std::string> b2b_refund_biz_types;
    bool front_repeats = false; ///< the same form again leads to the page instead of code 12
    bool code_is_web = false;   ///< codes hold the page's own address instead of UnionPay's
    std::string account;        ///< the payer's, masked

    const Merchant* findMerchant(std::string_view mer_id) const;
};

/// Reads the section; paths in it are relative to `folder`. Throws std::runtime_error naming the
/// member. An unknown member is refused.
Settings readSettings(const Json& section, const std::filesystem::path& folder);

/// Completes the section with what is missing (one merchant with a visibly synthetic number) and
/// makes the keys and certificates that it names.
void prepare(Json& section, const std::filesystem::path& folder);

} // namespace hub::simulator::unionpay
