#include "fields.hpp"

#include "text.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view withoutBlanks(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Fields sortedWithoutSignature(Fields fields)
{
    std::erase_if(fields, [](const auto& field) { return field.first == kSignature; });
    std::sort(fields.begin(), fields.end());
    return fields;
}

bool isPlain(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.' || c == '*';
}

void appendFormText(std::string& out, std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (const char c : text) {
        if (isPlain(c)) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += kDigits[static_cast<unsigned char>(c) >> 4U];
            out += kDigits[static_cast<unsigned char>(c) & 15U];
        }
    }
}

int hexValue(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> fromFormText(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

/// Where the pair that begins at `start` ends: at an & outside of every group, or at the end of the
/// body. Nothing when a group has no end.
std::optional<std::size_t> findPairEnd(std::string_view body, std::size_t start)
{
    std::string closers; // of the groups that are open, innermost last
    for (std::size_t at = body.find('=', start); at < body.size(); ++at) {
        const char c = body[at];
        if (c == '&' && closers.empty()) {
            return at;
        }
        if (c == '{' || c == '[') {
            closers += c == '{' ? '}' : ']';
        } else if (!closers.empty() && c == closers.back()) {
            closers.pop_back();
        }
    }
    return closers.empty() ? std::optional{body.size()} : std::nullopt;
}

Result<void> checkNames(const Fields& fields)
{
    std::set<std::string_view> names;
    for (const auto& [name, value] : fields) {
        if (name.empty()) {
            return Error{HUB_BAD_REQUEST, "a field has no name"};
        }
        if (!isUtf8(name) || !isUtf8(value)) {
            return Error{HUB_BAD_REQUEST, "a field holds bytes that are not UTF-8"};
        }
        if (!names.insert(name).second) {
            return Error{HUB_BAD_REQUEST, "a field is named twice"};
        }
    }
    return {};
}

} // namespace

Fields trimmed(const Fields& fields)
{
    Fields kept;
    for (const auto& [name, value] : fields) {
        if (const std::string_view text = withoutBlanks(value); !text.empty()) {
            kept.emplace_back(name, text);
        }
    }
    return kept;
}

std::string signText(const Fields& fields)
{
    std::string text;
    for (const auto& [name, value] : sortedWithoutSignature(fields)) {
        text += text.empty() ? "" : "&";
        text += name;
        text += '=';
        text += value;
    }
    return text;
}

std::string toForm(const Fields& fields)
{
    std::string out;
    for (const auto& [name, value] : fields) {
        out += out.empty() ? "" : "&";
        appendFormText(out, name);
        out += '=';
        appendFormText(out, value);
    }
    return out;
}

Result<Fields> fromForm(std::string_view body)
{
    Fields fields;
    while (!body.empty()) {
        const auto end = body.find('&');
        const std::string_view pair = body.substr(0, end);
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
        if (pair.empty()) {
            continue;
        }
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = fromFormText(pair.substr(0, equals));
        auto value = fromFormText(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) {
            return Error{HUB_BAD_REQUEST,
                         "the form has a percent sign without two hexadecimal digits"};
        }
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    const auto named = checkNames(fields);
    return named.ok() ? Result<Fields>{std::move(fields)} : Result<Fields>{named.error()};
}

Result<Fields> fromRaw(std::string_view body)
{
    Fields fields;
    for (std::size_t start = 0; start < body.size();) {
        const auto equals = body.find('=', start);
        const auto stray = body.find('&', start);
        if (equals == std::string_view::npos || stray < equals) {
            return Error{HUB_BAD_REQUEST, "the answer holds a field without a value"};
        }
        const auto end = findPairEnd(body, start);
        if (!end) {
            return Error{HUB_BAD_REQUEST, "the answer opens a bracket that nothing closes"};
        }
        fields.emplace_back(body.substr(start, equals - start),
                            body.substr(equals + 1, *end - equals - 1));
        start = *end + 1;
    }
    const auto named = checkNames(fields);
    return named.ok() ? Result<Fields>{std::move(fields)} : Result<Fields>{named.error()};
}

bool hasOneReading(const Fields& fields)
{
    const auto again = fromRaw(signText(fields));
    return again.ok() && again.value() == sortedWithoutSignature(fields);
}

std::string_view valueOf(const Fields& fields, std::string_view name) noexcept
{
    const auto found = std::find_if(
        fields.begin(), fields.end(), [name](const auto& field) { return field.first == name; });
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

} // namespace unionpay
