// What several commands of operators read and write alike: numbers in options, times in answers.
#pragma once

#include "app/cli/protocol.hpp"

#include <cstdint>
#include <string>

namespace hub::app {

/// The whole text as a number, else `otherwise`.
std::int64_t toNumber(const std::string& text, std::int64_t otherwise);
std::int64_t
numberOption(const cli::AdminRequest& request, const char* name, std::int64_t otherwise);
/// How many rows a list command shows: --limit within [1, 500], 100 when not given.
std::size_t limitOption(const cli::AdminRequest& request);
/// "2026-11-05T09:30:00.000Z"
std::string toUtcText(std::int64_t unix_ms);

} // namespace hub::app
