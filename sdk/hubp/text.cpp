#include "hubp/text.hpp"

#include <cstdint>

namespace hub::hubp {

namespace {

/// What may follow a lead byte: how many bytes, and the range of the first of them.
struct Lead {
    std::size_t more;
    std::uint8_t low;
    std::uint8_t high;
};

Lead leadOf(std::uint8_t byte) noexcept
{
    if (byte < 0x80) {
        return {0, 0, 0};
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return {1, 0x80, 0xBF};
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        return {
            2, std::uint8_t(byte == 0xE0 ? 0xA0 : 0x80), std::uint8_t(byte == 0xED ? 0x9F : 0xBF)};
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        return {
            3, std::uint8_t(byte == 0xF0 ? 0x90 : 0x80), std::uint8_t(byte == 0xF4 ? 0x8F : 0xBF)};
    }
    return {1, 0xFF, 0x00}; // no byte fits this range
}

} // namespace

bool isWellFormed(std::string_view text) noexcept
{
    for (std::size_t at = 0; at < text.size();) {
        Lead lead = leadOf(static_cast<std::uint8_t>(text[at++]));
        for (; lead.more > 0; --lead.more, ++at) {
            if (at == text.size()) {
                return false;
            }
            const auto byte = static_cast<std::uint8_t>(text[at]);
            if (byte < lead.low || byte > lead.high) {
                return false;
            }
            lead.low = 0x80;
            lead.high = 0xBF;
        }
    }
    return true;
}

std::string_view shortened(std::string_view text, std::size_t bytes_max) noexcept
{
    if (text.size() <= bytes_max) {
        return text;
    }
    std::size_t size = bytes_max;
    while (size > 0 && (static_cast<std::uint8_t>(text[size]) & 0xC0U) == 0x80) {
        --size;
    }
    return text.substr(0, size);
}

} // namespace hub::hubp
