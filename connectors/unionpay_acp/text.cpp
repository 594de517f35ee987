#include "text.hpp"

#include <openssl/evp.h>

#include <iconv.h>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

/// The length of the sequence that `lead` begins, 0 when none can begin with it.
std::size_t sequenceLength(unsigned char lead) noexcept
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// The second byte carries the limits against overlong forms, surrogates and U+10FFFF.
bool isSecondByte(unsigned char lead, unsigned char second) noexcept
{
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
}

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

Result<std::string> fromBase64(std::string_view text)
{
    const Error refusal{HUB_BAD_REQUEST, "the text is no padded base64 of one line"};
    if (text.size() % 4 != 0) {
        return refusal;
    }
    std::string out(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    if (size < 0 || static_cast<std::size_t>(size) < padding) {
        return refusal;
    }
    out.resize(static_cast<std::size_t>(size) - padding);
    // OpenSSL forgives blanks around the text and set bits behind its end.
    if (toBase64(out) != text) {
        return refusal;
    }
    return out;
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

// Every message passes here, and iconv would look for its modules' files: not within a sandbox.
bool isUtf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto byteAt = [text](std::size_t i) {
            return static_cast<unsigned char>(text[i]);
        };
        const std::size_t length = sequenceLength(byteAt(0));
        if (length == 0 || length > text.size()) {
            return false;
        }
        if (length > 1 && !isSecondByte(byteAt(0), byteAt(1))) {
            return false;
        }
        for (std::size_t i = 2; i < length; ++i) {
            if ((byteAt(i) & 0xC0U) != 0x80U) {
                return false;
            }
        }
        text.remove_prefix(length);
    }
    return true;
}

Result<std::string> fromGbk(std::string_view bytes)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == reinterpret_cast<iconv_t>(-1)) { // NOLINT(performance-no-int-to-ptr)
        return Error{HUB_UNAVAILABLE, "this system can't convert GB18030"};
    }
    std::string input(bytes);
    std::string out(bytes.size() * 3 + 4, '\0'); // two bytes become three at most
    char* from = input.data();
    char* to = out.data();
    std::size_t left = input.size();
    std::size_t room = out.size();
    const std::size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (converted == static_cast<std::size_t>(-1) || left != 0) {
        return Error{HUB_BAD_REQUEST, "the bytes are no GBK"};
    }
    out.resize(out.size() - room);
    return out;
}

} // namespace unionpay
