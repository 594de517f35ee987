#include "encoding.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace aliyun {

namespace {

constexpr std::string_view kLowerHex = "0123456789abcdef";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

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

void appendHex(std::string& out, char c, std::string_view digits)
{
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
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
    if (toBase64(out) != text) {
        return hub::Error{HUB_BAD_REQUEST, "the text is no canonical base64"};
    }
    return out;
}

std::string toHex(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        appendHex(text, c, kLowerHex);
    }
    return text;
}

std::string toPercent(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (isUnreserved(c)) {
            out += c;
        } else {
            out += '%';
            appendHex(out, c, kUpperHex);
        }
    }
    return out;
}

std::string sha256(std::string_view bytes)
{
    std::array<char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(),
                   bytes.size(),
                   reinterpret_cast<unsigned char*>(digest.data()),
                   &size,
                   EVP_sha256(),
                   nullptr) != 1) {
        throw std::runtime_error("OpenSSL makes no SHA-256");
    }
    return toHex({digest.data(), size});
}

} // namespace aliyun
