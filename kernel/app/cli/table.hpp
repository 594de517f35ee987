// Tables for people: columns as wide as their content, Chinese characters two cells wide, and no
// control character of a stored text reaches the terminal.
#pragma once

#include "app/cli/protocol.hpp"

#include <string>
#include <string_view>

namespace hub::cli {

/// Cells that the text takes on a terminal.
std::size_t displayWidth(std::string_view text);

/// The text with control characters and broken UTF-8 as '?'.
std::string printable(std::string_view text);

std::string renderSection(const Section& section);

} // namespace hub::cli
