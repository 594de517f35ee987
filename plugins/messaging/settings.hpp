// Settings of the plugin, as the operator configured them; the hub checks them against the
// manifest's schema first.
#pragma once

#include "domain/limits.hpp"
#include "domain/notices.hpp"
#include "domain/quiet_hours.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace messaging {

struct Settings {
    std::vector<std::string> accounts; // in the order in which they are tried
    std::int64_t code_life_ms = 0;
    std::int64_t code_tries_max = 0;
    std::int64_t number_pause_ms = 0;
    std::vector<Limit> number_limits;
    std::vector<Limit> client_limits;
    QuietHours quiet_hours;
    std::int64_t retention_ms = 0;
    std::vector<Notice> notices;

    /// Null: the event tells nobody anything.
    const Notice* findNotice(std::string_view event_type) const;
};

/// Reads what create() receives (sdk/ABI.md section 10). Throws std::invalid_argument naming the
/// member, its value and what is expected.
Settings parseSettings(std::string_view configuration_json);

} // namespace messaging
