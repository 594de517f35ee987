// What an operator sets for this plugin (manifest.json, "configuration").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orders {

struct Settings {
    std::int64_t order_life_ms = 0;
    std::int64_t postpone_ms = 0;
    std::int64_t reminder_ms = 0; // before the expiry; 0: none
    std::int64_t arrival_margin_ms = 0;
    std::string checkout_method; // of payments: one code for all wallets
};

/// The hub has checked it against the manifest. Throws std::invalid_argument for what is no JSON.
Settings parseSettings(std::string_view create_json);

} // namespace orders
