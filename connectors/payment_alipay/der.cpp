#include "der.hpp"

#include <algorithm>
#include <cstdint>

namespace alipay {

namespace {

constexpr std::size_t kLengthBytesMax = 4;

std::size_t toByte(char c) noexcept
{
    return static_cast<unsigned char>(c);
}

} // namespace

std::optional<DerElement> DerReader::next() noexcept
{
    constexpr std::size_t kSeveralBytes = 0x1F;
    if (rest_.size() < 2 || (toByte(rest_[0]) & kSeveralBytes) == kSeveralBytes) {
        return std::nullopt;
    }
    std::size_t head = 2;
    std::size_t length = toByte(rest_[1]);
    if (length >= 0x80) {
        const std::size_t count = length - 0x80;
        if (count == 0 || count > kLengthBytesMax || count > rest_.size() - head) {
            return std::nullopt;
        }
        length = 0;
        for (std::size_t i = 0; i < count; ++i) {
            length = length << 8U | toByte(rest_[head + i]);
        }
        head += count;
    }
    if (length > rest_.size() - head) {
        return std::nullopt;
    }
    const DerElement element{static_cast<unsigned char>(rest_[0]),
                             rest_.substr(head, length),
                             rest_.substr(0, head + length)};
    rest_.remove_prefix(head + length);
    return element;
}

std::optional<DerElement> DerReader::next(unsigned char tag) noexcept
{
    return !rest_.empty() && toByte(rest_[0]) == tag ? next() : std::nullopt;
}

std::string toDottedText(std::string_view content)
{
    std::string text;
    std::uint64_t arc = 0;
    bool is_complete = false;
    for (const char c : content) {
        if (arc > UINT64_MAX >> 7U) {
            return {};
        }
        arc = arc << 7U | (toByte(c) & 0x7FU);
        is_complete = (toByte(c) & 0x80U) == 0;
        if (!is_complete) {
            continue;
        }
        if (text.empty()) {
            // The first two arcs share one number; the first of them is 0, 1 or 2.
            const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
            text = std::to_string(first);
            arc -= first * 40;
        }
        text += '.' + std::to_string(arc);
        arc = 0;
    }
    return is_complete ? text : std::string{};
}

std::string toDecimalText(std::string_view big_endian)
{
    std::string digits{"0"}; // the last one first
    for (const char c : big_endian) {
        std::size_t carry = toByte(c);
        for (char& digit : digits) {
            carry += static_cast<std::size_t>(digit - '0') * 256;
            digit = static_cast<char>('0' + carry % 10);
            carry /= 10;
        }
        for (; carry > 0; carry /= 10) {
            digits += static_cast<char>('0' + carry % 10);
        }
    }
    std::reverse(digits.begin(), digits.end());
    return digits;
}

} // namespace alipay
