#include "encoding.hpp"

#include <array>
#include <cstdint>
#include <set>

namespace alipay {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789ABCDEF";

unsigned char toByte(char c) noexcept
{
    return static_cast<unsigned char>(c);
}

/// -1 for a character that is no hexadecimal digit.
int hexValue(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool isUnreserved(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.' || c == '*';
}

void appendFormText(std::string& out, std::string_view text)
{
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (isUnreserved(c)) {
            out += c;
        } else {
            out += '%';
            out += kHex[toByte(c) >> 4U];
            out += kHex[toByte(c) & 15U];
        }
    }
}

hub::Result<std::string> fromFormText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return hub::Error{HUB_BAD_REQUEST,
                                  "the form has a percent sign without two hexadecimal digits"};
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

/// The length of the sequence that `lead` begins, 0 when none can begin with it.
std::size_t sequenceLength(unsigned char lead) noexcept
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
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
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t rest = bytes.size() - i;
        std::uint32_t group = static_cast<std::uint32_t>(toByte(bytes[i])) << 16U;
        group |= rest > 1 ? static_cast<std::uint32_t>(toByte(bytes[i + 1])) << 8U : 0U;
        group |= rest > 2 ? static_cast<std::uint32_t>(toByte(bytes[i + 2])) : 0U;
        out += kAlphabet[group >> 18U];
        out += kAlphabet[(group >> 12U) & 63U];
        out += rest > 1 ? kAlphabet[(group >> 6U) & 63U] : '=';
        out += rest > 2 ? kAlphabet[group & 63U] : '=';
    }
    return out;
}

hub::Result<std::string> fromBase64(std::string_view text)
{
    const hub::Error refusal{HUB_BAD_REQUEST, "the text is no padded base64 of one line"};
    if (text.size() % 4 != 0) {
        return refusal;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string out;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size() - padding; ++i) {
        const auto digit = kAlphabet.find(text[i]);
        if (digit == std::string_view::npos) {
            return refusal;
        }
        group = (group << 6U | static_cast<std::uint32_t>(digit)) & 0xFFFFFFU;
        // Each digit after the first of a group completes one byte.
        if (i % 4 != 0) {
            out += static_cast<char>(group >> (6U - 2U * static_cast<unsigned>(i % 4)) & 0xFFU);
        }
    }
    const std::uint32_t unused = padding == 2 ? 15U : padding == 1 ? 3U : 0U;
    if ((group & unused) != 0) {
        return refusal;
    }
    return out;
}

std::string toForm(const Parameters& parameters)
{
    std::string out;
    for (const auto& [name, value] : parameters) {
        if (!out.empty()) {
            out += '&';
        }
        appendFormText(out, name);
        out += '=';
        appendFormText(out, value);
    }
    return out;
}

hub::Result<Parameters> fromForm(std::string_view body)
{
    Parameters parameters;
    std::set<std::string> names;
    while (!body.empty()) {
        const auto end = body.find('&');
        const std::string_view field = body.substr(0, end);
        body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
        if (field.empty()) {
            continue;
        }
        const auto equals = field.find('=');
        auto name = fromFormText(field.substr(0, equals));
        auto value = fromFormText(equals == std::string_view::npos ? std::string_view{}
                                                                   : field.substr(equals + 1));
        if (!name.ok() || !value.ok()) {
            return name.ok() ? value.error() : name.error();
        }
        if (!isUtf8(name.value()) || !isUtf8(value.value())) {
            return hub::Error{HUB_BAD_REQUEST, "the form holds bytes that are not UTF-8"};
        }
        if (!names.insert(name.value()).second) {
            return hub::Error{HUB_BAD_REQUEST, "the form names a parameter twice"};
        }
        parameters.emplace_back(std::move(name).value(), std::move(value).value());
    }
    return parameters;
}

bool isUtf8(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char lead = toByte(text[i]);
        const std::size_t length = sequenceLength(lead);
        if (length == 0 || length > text.size() - i) {
            return false;
        }
        if (length > 1 && !isSecondByte(lead, toByte(text[i + 1]))) {
            return false;
        }
        for (std::size_t k = 2; k < length; ++k) {
            if ((toByte(text[i + k]) & 0xC0U) != 0x80U) {
                return false;
            }
        }
        i += length;
    }
    return true;
}

std::string_view valueOf(const Parameters& parameters, std::string_view name) noexcept
{
    for (const auto& [key, value] : parameters) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

} // namespace alipay
