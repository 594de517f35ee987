#include "encoding.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace wechat {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

const unsigned char* bytesOf(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool isAlphanumeric(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isUnreserved(char c) noexcept
{
    return isAlphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     bytesOf(bytes),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

hub::Result<std::string> fromBase64(std::string_view text)
{
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const std::string_view digits = text.substr(0, text.size() - padding);
    const bool is_sound =
        text.size() % 4 == 0 && std::all_of(digits.begin(), digits.end(), [](char c) {
            return isAlphanumeric(c) || c == '+' || c == '/';
        });
    std::string out(text.size() / 4 * 3, '\0');
    const int size = is_sound ? EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                                bytesOf(text),
                                                static_cast<int>(text.size()))
                              : -1;
    if (size < 0) {
        return hub::Error{HUB_BAD_REQUEST, "the text is no padded base64 of one line"};
    }
    out.resize(static_cast<std::size_t>(size) - padding);
    // One text for one meaning: bits that the padding leaves over must be zero.
    if (toBase64(out) != text) {
        return hub::Error{HUB_BAD_REQUEST, "the text is no canonical base64"};
    }
    return out;
}

std::string toUpperHex(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        text += kHex[static_cast<unsigned char>(c) >> 4U];
        text += kHex[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

std::string toLower(std::string_view text)
{
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

std::string toPercent(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += isUnreserved(c) ? std::string(1, c) : "%" + toUpperHex({&c, 1});
    }
    return out;
}

} // namespace wechat
