// The section of simulator.json: the merchants and the provider's habits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <core/json.hpp>

namespace simulated {

struct Merchant {
    std::string merchant;
    std::string name;
    std::string api_key;
    std::int64_t limit_minor = 0; // of one order
    bool is_suspended = false;
};

struct Settings {
    std::vector<Merchant> merchants;
    std::int64_t timestamp_tolerance_ms = 0;
    std::int64_t refund_window_ms = 0; // test clock
    std::int64_t refund_takes_ms = 0;  // test clock; 0: done at once
    std::vector<std::int64_t> notify_pauses_ms;

    const Merchant* findMerchant(std::string_view merchant) const;
};

/// Completes the section with what is missing; keys are drawn.
void prepare(hub::simulator::Json& section, const std::filesystem::path& folder);

/// Throws std::runtime_error naming the member that is missing or of another type.
Settings readSettings(const hub::simulator::Json& section);

} // namespace simulated
