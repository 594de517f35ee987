#include "egress/masking.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace hub::egress {

namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kMask = "***";
constexpr std::size_t kShownBytesMax = 65536;
/// JSON inside a text inside JSON …: nobody honest goes deeper.
constexpr int kNestingMax = 8;

bool listed(const Names& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string toLower(std::string_view text)
{
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lowered;
}

bool looksLikeJson(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

std::optional<std::string> maskJsonText(std::string_view text, const Names& names, int nesting);

void maskJson(base::Json& value, const Names& names, int nesting)
{
    if (value.is_object()) {
        for (auto& [name, member] : value.items()) {
            if (listed(names, name)) {
                member = kMask;
            } else {
                maskJson(member, names, nesting);
            }
        }
    } else if (value.is_array()) {
        for (base::Json& element : value) {
            maskJson(element, names, nesting);
        }
    } else if (value.is_string() && looksLikeJson(value.get_ref<const std::string&>())) {
        const auto& text = value.get_ref<const std::string&>();
        // What begins like JSON and is none may hold anything: it is not shown.
        value = maskJsonText(text, names, nesting + 1).value_or(std::string(kMask));
    }
}

/// Empty when the text is no JSON.
std::optional<std::string> maskJsonText(std::string_view text, const Names& names, int nesting)
{
    if (nesting > kNestingMax) {
        return std::string(kMask);
    }
    auto parsed = base::parseJson(text);
    if (!parsed) {
        return std::nullopt;
    }
    maskJson(parsed.value(), names, nesting);
    return parsed.value().dump();
}

std::optional<std::string> decodeField(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const auto byte = base::fromHex(text.substr(i + 1, 2));
        if (!byte || byte.value().size() != 1) {
            return std::nullopt;
        }
        decoded += byte.value();
        i += 2;
    }
    return decoded;
}

std::string encodeField(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~*").find(c) != std::string_view::npos;
        encoded += plain ? std::string(1, c)
                         : fmt::format("%{:02X}",
                                       static_cast<unsigned int>(static_cast<unsigned char>(c)));
    }
    return encoded;
}

std::string maskField(const std::string& field, const Names& names)
{
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string_view name = std::string_view(field).substr(0, equals);
    const auto decoded_name = decodeField(name);
    if (equals == field.size()) {
        return decoded_name ? field : std::string(kMask);
    }
    const auto value = decodeField(std::string_view(field).substr(equals + 1));
    const std::string shown_name = decoded_name ? std::string(name) : std::string(kMask);
    if (!decoded_name || !value || listed(names, *decoded_name)) {
        return fmt::format("{}={}", shown_name, kMask);
    }
    if (!looksLikeJson(*value)) {
        return field;
    }
    const auto masked = maskJsonText(*value, names, 1);
    return fmt::format("{}={}", shown_name, masked ? encodeField(*masked) : std::string(kMask));
}

std::string maskForm(std::string_view form, const Names& names)
{
    std::string masked;
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = std::min(form.find('&', begin), form.size());
        masked += maskField(std::string(form.substr(begin, end - begin)), names);
        if (end == form.size()) {
            return masked;
        }
        masked += '&';
        begin = end + 1;
    }
}

bool isPrintable(std::string_view text) noexcept
{
    return base::isUtf8(text) && text.find('\0') == std::string_view::npos;
}

std::string sizeAndDigest(std::string_view body)
{
    return fmt::format("<{} bytes, sha256 {}>", body.size(), base::sha256Hex(body));
}

std::string maskBody(std::string_view type, std::string_view body, const Names& names)
{
    if (body.empty()) {
        return {};
    }
    if (body.size() > kShownBytesMax || !isPrintable(body)) {
        return sizeAndDigest(body);
    }
    if (type == "application/x-www-form-urlencoded") {
        return maskForm(body, names);
    }
    // JSON is also sent as text/html or without a type; whatever else is, is not shown.
    const bool may_be_json = type.empty() || type.starts_with("text/") || type.ends_with("json");
    if (may_be_json && looksLikeJson(body)) {
        return maskJsonText(body, names, 0).value_or(sizeAndDigest(body));
    }
    return sizeAndDigest(body);
}

std::string maskHeader(const std::string& lowered, const std::string& value, const Names& names)
{
    constexpr std::array<std::string_view, 3> kAlways{"authorization", "cookie", "set-cookie"};
    const bool secret = std::find(kAlways.begin(), kAlways.end(), lowered) != kAlways.end() ||
                        std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                            return toLower(name) == lowered;
                        });
    return secret || !isPrintable(value) ? std::string(kMask) : value;
}

} // namespace

std::string maskMessage(const Headers& headers, std::string_view body, const Names& names)
{
    std::string text;
    std::string type;
    for (const auto& [name, value] : headers) {
        const std::string lowered = toLower(name);
        if (lowered == "content-type") {
            type = toLower(value.substr(0, value.find(';')));
            type.erase(type.find_last_not_of(" \t") + 1);
        }
        text += fmt::format("{}: {}\n", name, maskHeader(lowered, value, names));
    }
    return text + "\n" + maskBody(type, body, names);
}

std::string maskQuery(std::string_view query, const Names& names)
{
    return query.empty() ? std::string() : maskForm(query, names);
}

} // namespace hub::egress
