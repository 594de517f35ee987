#include "encoding.hpp"

#include <algorithm>
#include <cstdint>

namespace protocol {

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

bool isSame(std::string_view a, std::string_view b) noexcept
{
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    }
    return difference == 0;
}

hub::Result<std::string> fromBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size() - padding; ++i) {
        const auto digit = kAlphabet.find(text[i]);
        if (text.size() % 4 != 0 || digit == std::string_view::npos) {
            return hub::Error{HUB_BAD_REQUEST, "the text is no padded base64"};
        }
        group = group << 6U | static_cast<std::uint32_t>(digit);
        if (i % 4 != 0) {
            bytes += static_cast<char>(group >> (6U - 2U * static_cast<unsigned>(i % 4)) & 0xFFU);
        }
    }
    return bytes;
}

} // namespace protocol
