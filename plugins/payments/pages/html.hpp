// Html: text made safe for a page, the frame around every page, and codes as pictures.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace payments {

enum class Tongue { English, Chinese };

std::string escapeHtml(std::string_view text);

struct Page {
    Tongue tongue = Tongue::English;
    std::string title;
    std::string body;       // HTML
    std::string attributes; // of <body>, for the script
    std::string foot;       // text; empty: none
};

enum class Sign { Done, Busy, Stopped };

/// The whole document; styles and script are files of this plugin.
std::string renderPage(const Page& page);

/// A round sign above a page that says one thing.
std::string renderSign(Sign sign);

/// A square of `color` ("#rrggbb"; empty: of the style) with one character on it, beside a name.
/// The page's policy forbids styles in elements; attributes of SVG are none.
std::string renderMark(std::string_view character, std::string_view color);

/// A QR code as SVG, black on white with its quiet zone; empty when the text is too long for one.
std::string renderQr(std::string_view text, std::string_view label);

/// 20000, CNY: "¥200.00".
std::string renderAmount(std::int64_t amount_minor, std::string_view currency);

} // namespace payments
