// TerminalCode: a QR code for a person at a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace payments {

/// Lines of block characters, two rows of the code in each, light on dark; empty when the text is
/// too long for a code.
std::vector<std::string> drawQr(std::string_view text);

} // namespace payments
