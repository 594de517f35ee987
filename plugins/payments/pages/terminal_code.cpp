#include "pages/terminal_code.hpp"

#include <array>
#include <stdexcept>

#include <qrcodegen.hpp>

namespace payments {

namespace {

constexpr int kQuietZone = 2; // enough for phones, and a terminal is narrow

/// Outside the code everything is light.
bool isLight(const qrcodegen::QrCode& code, int x, int y)
{
    return !code.getModule(x, y);
}

} // namespace

std::vector<std::string> drawQr(std::string_view text)
{
    constexpr std::array<const char*, 4> kBlocks = {" ", "▄", "▀", "█"};
    std::vector<std::string> lines;
    try {
        const auto code =
            qrcodegen::QrCode::encodeText(std::string(text).c_str(), qrcodegen::QrCode::Ecc::LOW);
        for (int y = -kQuietZone; y < code.getSize() + kQuietZone; y += 2) {
            std::string line;
            for (int x = -kQuietZone; x < code.getSize() + kQuietZone; ++x) {
                const std::size_t above = isLight(code, x, y) ? 2 : 0;
                const std::size_t below = isLight(code, x, y + 1) ? 1 : 0;
                line += kBlocks.at(above + below);
            }
            lines.push_back(std::move(line));
        }
    } catch (const std::length_error&) {
        lines.clear();
    }
    return lines;
}

} // namespace payments
