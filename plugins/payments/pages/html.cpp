#include "pages/html.hpp"

#include <stdexcept>

#include <qrcodegen.hpp>

namespace payments {

namespace {

constexpr int kQuietZone = 4; // modules, as ISO/IEC 18004 wants

/// One path: a rectangle a module would be a page of kilobytes.
std::string pathOf(const qrcodegen::QrCode& code)
{
    std::string path;
    for (int y = 0; y < code.getSize(); ++y) {
        for (int x = 0; x < code.getSize(); ++x) {
            if (code.getModule(x, y)) {
                path += "M" + std::to_string(x + kQuietZone) + " " +
                        std::to_string(y + kQuietZone) + "h1v1h-1z";
            }
        }
    }
    return path;
}

} // namespace

std::string escapeHtml(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string renderPage(const Page& page)
{
    const char* language = page.tongue == Tongue::Chinese ? "zh-CN" : "en";
    return std::string("<!doctype html>\n<html lang=\"") + language +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"robots\" content=\"noindex\">\n<title>" +
           escapeHtml(page.title) +
           "</title>\n<link rel=\"stylesheet\" href=\"/static/payments/checkout.css\">\n"
           "<script src=\"/static/payments/checkout.js\" defer></script>\n</head>\n<body" +
           page.attributes + ">\n<main>\n" + page.body + "</main>\n" +
           (page.foot.empty() ? "" : "<footer>" + escapeHtml(page.foot) + "</footer>\n") +
           "</body>\n</html>\n";
}

std::string renderSign(Sign sign)
{
    const char* name = sign == Sign::Done ? "done" : sign == Sign::Busy ? "busy" : "stopped";
    const char* path = sign == Sign::Done   ? "M7 12.5l3.4 3.4L17 9"
                       : sign == Sign::Busy ? "M12 7v5.2l3.2 2"
                                            : "M12 7v6.2M12 16.4v.2";
    return std::string("<svg class=\"sign ") + name +
           "\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><circle cx=\"12\" cy=\"12\" r=\"12\"/>"
           "<path d=\"" +
           path + "\"/></svg>\n";
}

std::string renderMark(std::string_view character, std::string_view color)
{
    return "<svg class=\"mark\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><rect width=\"32\" "
           "height=\"32\" rx=\"9\"" +
           (color.empty() ? "" : " fill=\"" + escapeHtml(color) + "\"") +
           "/><text x=\"16\" y=\"16\">" + escapeHtml(character) + "</text></svg>";
}

std::string renderQr(std::string_view text, std::string_view label)
{
    try {
        const auto code = qrcodegen::QrCode::encodeText(std::string(text).c_str(),
                                                        qrcodegen::QrCode::Ecc::MEDIUM);
        const std::string size = std::to_string(code.getSize() + 2 * kQuietZone);
        return "<svg class=\"code\" role=\"img\" aria-label=\"" + escapeHtml(label) +
               "\" viewBox=\"0 0 " + size + " " + size +
               "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" +
               size + "H0z\"/><path d=\"" + pathOf(code) + "\"/></svg>\n";
    } catch (const std::length_error&) {
        return "";
    }
}

std::string renderAmount(std::int64_t amount_minor, std::string_view currency)
{
    const std::string cents = std::to_string(amount_minor % 100);
    return (currency == "CNY" ? std::string("¥") : std::string(currency) + " ") +
           std::to_string(amount_minor / 100) + "." + (cents.size() == 1 ? "0" : "") + cents;
}

} // namespace payments
