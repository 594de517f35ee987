// Quiet hours: when notices wait, by the clock of Shanghai.
#pragma once

#include <cstdint>
#include <optional>

namespace messaging {

/// Minutes of the day; from 21:00 until 08:00 goes over midnight. Equal: never quiet.
struct QuietHours {
    int from_minute = 21 * 60;
    int until_minute = 8 * 60;
};

/// When the quiet hours that now lies in end; nothing when it lies in none.
std::optional<std::int64_t> quietUntil(const QuietHours& hours, std::int64_t now_ms);

} // namespace messaging
