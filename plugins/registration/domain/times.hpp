// Days and instants as the packs write them, in Shanghai's time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace registration {

/// Of "2026-10-20T24:00:00+08:00", the end of a day included; nothing for any other form.
std::optional<std::int64_t> parseInstant(std::string_view text);

/// "2026-11-05" of an instant, in Shanghai.
std::string dayOf(std::int64_t unix_ms);

bool isDay(std::string_view text);

} // namespace registration
