#include "base/encoding.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

namespace hub::base {

namespace {

int hexDigit(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::string toHex(std::string_view bytes)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

Result<std::string> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0) {
        return Error{HUB_BAD_REQUEST, "hex text has an odd number of digits"};
    }
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0) {
            return Error{HUB_BAD_REQUEST, "hex text has a character that is no hex digit"};
        }
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string toBase64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     bytesOf(bytes),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

Result<std::string> fromBase64(std::string_view text)
{
    const Error refusal{HUB_BAD_REQUEST, "the text is no base64"};
    if (text.size() % 4 != 0) {
        return refusal;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    // EVP_DecodeBlock skips white space at both ends; we do not.
    for (const char c : text.substr(0, text.size() - padding)) {
        const bool known = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '+' || c == '/';
        if (!known) {
            return refusal;
        }
    }
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     bytesOf(text),
                                     static_cast<int>(text.size()));
    if (size < 0) {
        return refusal;
    }
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

std::string sha256(std::string_view bytes)
{
    std::string digest(32, '\0');
    unsigned int size = 0;
    EVP_Digest(bytes.data(),
               bytes.size(),
               reinterpret_cast<unsigned char*>(digest.data()),
               &size,
               EVP_sha256(),
               nullptr);
    return digest;
}

std::string sha256Hex(std::string_view bytes)
{
    return toHex(sha256(bytes));
}

bool equalConstantTime(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool isUtf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80        ? 1
                                 : lead >> 5U == 6  ? 2
                                 : lead >> 4U == 14 ? 3
                                 : lead >> 3U == 30 ? 4
                                                    : 0;
        if (size == 0 || i + size > text.size()) {
            return false;
        }
        unsigned int point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if (next >> 6U != 2) {
                return false;
            }
            point = point << 6U | (next & 63U);
        }
        static constexpr std::array<unsigned int, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
        if (point < kSmallest[size] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
            return false;
        }
        i += size;
    }
    return true;
}

} // namespace hub::base
