// The section "licence" of simulator.json: the provider's limits, its accounts, and the register as
// it is at the start.
#pragma once

#include "core/json.hpp"
#include "licence/register.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::licence {

struct Account {
    std::string key_id;
    std::string secret;
    std::string state; ///< normal, suspended or empty
};

struct Settings {
    std::vector<Account> accounts;
    std::int64_t timestamp_tolerance_ms = 0;
    std::size_t picture_bytes_max = 0;
    std::uint64_t picture_pixels_max = 0;
    bool is_register_available = true;
    std::vector<Entry> entries; ///< of the register

    const Account* findAccount(std::string_view key_id) const;
};

/// Throws std::runtime_error naming the member. An unknown member is refused.
Settings readSettings(const Json& section);

/// Completes the section with what is missing: one account with a key of its own, and a register of
/// visibly synthetic organizations.
void prepare(Json& section, const std::filesystem::path& folder);

} // namespace hub::simulator::licence
