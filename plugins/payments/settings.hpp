// Settings of the plugin, as the operator configured them; the hub checks them against the
// manifest's schema first and adds `site`, `store_epoch` and `configuration_version`.
#pragma once

#include "domain/routing.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace payments {

/// A way to pay, as people choose it.
struct Method {
    std::string name;
    std::string product;      // asked for when the payment names none
    bool is_checkout = false; // a page of ours: an attempt begins when an app opens it
    std::vector<RouteRule> rules;
};

enum class LateSuccess { Refund, Honor };

struct Settings {
    std::string site;
    std::string public_url; // "https://fair.example.com", for addresses in codes
    std::int64_t store_epoch = 0;
    std::int64_t configuration_version = 0;
    std::vector<Method> methods;
    std::int64_t attempt_life_ms = 0;
    std::int64_t expiry_margin_ms = 0;
    std::int64_t query_every_ms = 0;
    std::int64_t payment_life_ms = 0;
    std::int64_t amount_max_minor = 0;
    std::optional<std::int64_t> confirm_by_query_above_minor;
    LateSuccess late_success = LateSuccess::Refund;

    /// Null: it is not offered.
    const Method* findMethod(std::string_view name) const;
};

/// Reads what create() receives (sdk/ABI.md section 10). Throws std::invalid_argument naming the
/// member, its value and what is expected.
Settings parseSettings(std::string_view configuration_json);

} // namespace payments
