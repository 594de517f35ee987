#include "observe/mask.hpp"

#include <array>
#include <cctype>

namespace hub::observe {

namespace {

constexpr std::string_view kStars = "*****";
constexpr std::string_view kSecret = "***";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isAlnum(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool isHexDigit(char c)
{
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}
bool isWord(char c)
{
    return isAlnum(c) || c == '_';
}
bool isTokenCharacter(char c)
{
    return isWord(c) || c == '-' || c == '.' || c == '~' || c == '+';
}
char toLower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool startsWithNoCase(std::string_view text, std::string_view prefix)
{
    if (text.size() < prefix.size()) {
        return false;
    }
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        if (toLower(text[i]) != prefix[i]) {
            return false;
        }
    }
    return true;
}

template <typename Predicate>
std::size_t lengthWhile(std::string_view text, Predicate predicate, std::size_t longest)
{
    std::size_t length = 0;
    while (length < text.size() && length < longest && predicate(text[length])) {
        ++length;
    }
    return length;
}

/// What a matcher took from the front of the text; `taken` 0: no match.
struct Match {
    std::size_t taken = 0;
    std::string replacement;
};

Match matchPrivateKey(std::string_view text)
{
    constexpr std::string_view kBegin = "-----BEGIN ";
    constexpr std::string_view kKind = "PRIVATE KEY-----";
    constexpr std::string_view kEnd = "-----END ";
    constexpr std::size_t kHeaderLongest = 80;
    if (text.substr(0, kBegin.size()) != kBegin) {
        return {};
    }
    const std::size_t kind = text.substr(0, kHeaderLongest).find(kKind);
    if (kind == std::string_view::npos) {
        return {};
    }
    const std::size_t body = kind + kKind.size();
    const std::size_t end = text.find(kEnd, body);
    const std::size_t close = end == std::string_view::npos ? end : text.find("-----", end + 9);
    Match match;
    match.taken = close == std::string_view::npos ? text.size() : close + 5;
    match.replacement = std::string(text.substr(0, body)) + std::string(kSecret);
    return match;
}

/// "ehk_<id>_<secret>": the hub's own tokens keep the id, which says whose it is.
Match matchHubToken(std::string_view text)
{
    constexpr std::string_view kPrefix = "ehk_";
    if (text.substr(0, kPrefix.size()) != kPrefix) {
        return {};
    }
    const std::size_t length = lengthWhile(text, isTokenCharacter, text.size());
    const std::size_t underscore = text.substr(0, length).find('_', kPrefix.size());
    const std::string_view shown =
        text.substr(0, underscore == std::string_view::npos ? kPrefix.size() : underscore + 1);
    return {length, std::string(shown) + std::string(kSecret)};
}

Match matchCredentials(std::string_view text)
{
    for (const std::string_view scheme : {"bearer ", "basic "}) {
        if (!startsWithNoCase(text, scheme)) {
            continue;
        }
        const auto credential = [](char c) {
            return isTokenCharacter(c) || c == '/' || c == '=';
        };
        const std::size_t length = lengthWhile(text.substr(scheme.size()), credential, text.size());
        // A shorter word is prose: "basic rules".
        if (length >= 8) {
            return {scheme.size() + length,
                    std::string(text.substr(0, scheme.size())) + std::string(kSecret)};
        }
    }
    return {};
}

/// The hub's callback addresses end with a token.
Match matchCallbackPath(std::string_view text)
{
    constexpr std::string_view kPrefix = "callback/";
    if (text.substr(0, kPrefix.size()) != kPrefix) {
        return {};
    }
    std::size_t at = kPrefix.size();
    for (int part = 0; part < 2; ++part) {
        const std::size_t length = lengthWhile(text.substr(at), isTokenCharacter, text.size());
        if (length == 0 || at + length >= text.size() || text[at + length] != '/') {
            return {};
        }
        at += length + 1;
    }
    const std::size_t token = lengthWhile(text.substr(at), isTokenCharacter, text.size());
    return {at + token, std::string(text.substr(0, at)) + std::string(kSecret)};
}

std::size_t quotedLength(std::string_view text, char quote, bool escaped)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            if (escaped && i + 1 < text.size() && text[i + 1] == quote) {
                return i;
            }
            ++i;
        } else if (text[i] == quote) {
            return i;
        }
    }
    return text.size();
}

/// name=value, "name": "value", \"name\":\"value\", Name: value
Match matchNamedSecret(std::string_view text)
{
    constexpr std::size_t kNameLongest = 64;
    const auto name_character = [](char c) {
        return isWord(c) || c == '-';
    };
    std::size_t at = lengthWhile(text, name_character, kNameLongest);
    if (at == 0 || !isSecretName(text.substr(0, at))) {
        return {};
    }
    const auto decoration = [](char c) {
        return c == '\\' || c == '"' || c == '\'' || c == ' ';
    };
    at += lengthWhile(text.substr(at), decoration, 4);
    if (at >= text.size() || (text[at] != '=' && text[at] != ':')) {
        return {};
    }
    ++at;
    at += lengthWhile(
        text.substr(at), [](char c) { return c == ' '; }, 4);
    bool escaped = false;
    if (at < text.size() && text[at] == '\\') {
        escaped = true;
        ++at;
    }
    std::size_t length = 0;
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
        ++at;
        length = quotedLength(text.substr(at), text[at - 1], escaped);
    } else {
        for (const std::string_view scheme : {"bearer ", "basic "}) {
            if (startsWithNoCase(text.substr(at), scheme)) {
                at += scheme.size();
            }
        }
        const auto value = [](char c) {
            return c != '&' && c != ',' && c != ';' && c != '}' &&
                   static_cast<unsigned char>(c) > ' ';
        };
        length = lengthWhile(text.substr(at), value, text.size());
    }
    if (length == 0) {
        return {};
    }
    return {at + length, std::string(text.substr(0, at)) + std::string(kSecret)};
}

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool twice = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        int value = *digit - '0';
        if (twice) {
            value = value > 4 ? value * 2 - 9 : value * 2;
        }
        sum += value;
        twice = !twice;
    }
    return sum % 10 == 0;
}

/// The check character of an 18-character identity number (GB 11643).
bool isIdentityNumber(std::string_view text)
{
    constexpr std::array kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += (text[i] - '0') * kWeights.at(i);
    }
    constexpr std::string_view kCheck = "10X98765432";
    return kCheck[static_cast<std::size_t>(sum % 11)] ==
           static_cast<char>(std::toupper(static_cast<unsigned char>(text[17])));
}

bool isMobile(std::string_view digits)
{
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

/// "138-0013-8000" and "138 0013 8000".
Match matchGroupedPhone(std::string_view text)
{
    constexpr std::string_view kShape = "ddd-dddd-dddd";
    if (text.size() < kShape.size()) {
        return {};
    }
    std::string digits;
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        if (kShape[i] == 'd' ? !isDigit(text[i]) : text[i] != '-' && text[i] != ' ') {
            return {};
        }
        if (isDigit(text[i])) {
            digits += text[i];
        }
    }
    const bool ends = text.size() == kShape.size() || !isAlnum(text[kShape.size()]);
    if (!ends || !isMobile(digits)) {
        return {};
    }
    return {kShape.size(), maskMiddle(digits, 3, 4)};
}

Match matchNumber(std::string_view text, bool after_plus)
{
    if (Match grouped = matchGroupedPhone(text); grouped.taken != 0) {
        return grouped;
    }
    const std::size_t digits = lengthWhile(text, isDigit, text.size());
    const char next = digits < text.size() ? text[digits] : ' ';
    if (digits == 17 && (next == 'x' || next == 'X') &&
        (text.size() == 18 || !isHexDigit(text[18])) && isIdentityNumber(text)) {
        return {18, maskMiddle(text.substr(0, 18))};
    }
    if (digits == 0 || isHexDigit(next)) {
        return {};
    }
    const std::string_view number = text.substr(0, digits);
    const bool with_country =
        digits == 13 && number.substr(0, 2) == "86" && isMobile(number.substr(2));
    if (isMobile(number) || with_country || (after_plus && digits >= 8 && digits <= 15)) {
        return {digits, maskMiddle(number, 3, 4)};
    }
    if ((digits == 18 && isIdentityNumber(number)) ||
        (digits >= 16 && digits <= 19 && passesLuhn(number))) {
        return {digits, maskMiddle(number)};
    }
    return {};
}

Match matchMailAddress(std::string_view text)
{
    constexpr std::size_t kLocalLongest = 64;
    constexpr std::size_t kDomainLongest = 255;
    const std::size_t local = lengthWhile(text, isTokenCharacter, kLocalLongest);
    if (local == 0 || local >= text.size() || text[local] != '@') {
        return {};
    }
    const auto domain_character = [](char c) {
        return isAlnum(c) || c == '-' || c == '.';
    };
    const std::size_t domain =
        lengthWhile(text.substr(local + 1), domain_character, kDomainLongest);
    const std::string_view name = text.substr(local + 1, domain);
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) {
        return {};
    }
    return {local + 1 + domain, std::string(kSecret) + "@" + std::string(name)};
}

Match matchAt(std::string_view text, char before)
{
    if (text[0] == '-') {
        return matchPrivateKey(text);
    }
    // A digit run inside hexadecimal digits belongs to an id or a digest.
    if (isDigit(text[0]) && !isHexDigit(before)) {
        if (Match match = matchNumber(text, before == '+'); match.taken != 0) {
            return match;
        }
    }
    if (Match match = matchHubToken(text); match.taken != 0) {
        return match;
    }
    if (!isAlnum(text[0]) || isWord(before)) {
        return {};
    }
    for (const auto matcher : {matchCredentials, matchCallbackPath, matchNamedSecret}) {
        if (Match match = matcher(text); match.taken != 0) {
            return match;
        }
    }
    // Tried only at the first character of a local part, or a long one would cost squares.
    return isTokenCharacter(before) ? Match{} : matchMailAddress(text);
}

/// Length of the character at the front and its code point; 0 for a broken one.
std::size_t decode(std::string_view text, char32_t& point)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80                    ? 1
                               : lead >= 0xC2 && lead <= 0xDF ? 2
                               : (lead & 0xF0U) == 0xE0       ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || text.size() < length) {
        return 0;
    }
    point = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) != 0x80) {
            return 0;
        }
        point = (point << 6U) | (byte & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return overlong || surrogate || point > 0x10FFFF ? 0 : length;
}

bool isPrintable(char32_t point)
{
    const bool control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
    const bool line = point == 0x2028 || point == 0x2029;
    const bool direction = (point >= 0x202A && point <= 0x202E) ||
                           (point >= 0x2066 && point <= 0x2069) || point == 0x200E ||
                           point == 0x200F || point == 0x061C;
    return !control && !line && !direction && point != 0xFEFF;
}

std::string escapeByte(char byte)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    return {'\\', 'x', kHex[value >> 4U], kHex[value & 0x0FU]};
}

} // namespace

std::string maskMiddle(std::string_view identifier, std::size_t head, std::size_t tail)
{
    const auto starts_character = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    };
    std::size_t characters = 0;
    for (const char c : identifier) {
        characters += starts_character(c) ? 1U : 0U;
    }
    if (characters < head + tail + 3) {
        return std::string(identifier.empty() ? "" : kStars);
    }
    std::string masked;
    std::size_t index = 0;
    for (const char c : identifier) {
        index += starts_character(c) ? 1U : 0U;
        if (index == head + 1 && starts_character(c)) {
            masked += kStars;
        }
        if (index <= head || index > characters - tail) {
            masked += c;
        }
    }
    return masked;
}

bool isSecretName(std::string_view word)
{
    std::string name;
    for (const char c : word) {
        if (c != '_' && c != '-') {
            name += toLower(c);
        }
    }
    for (const std::string_view exact : {"sign",
                                         "signature",
                                         "authorization",
                                         "cookie",
                                         "setcookie",
                                         "apikey",
                                         "xapikey",
                                         "pwd"}) {
        if (name == exact) {
            return true;
        }
    }
    for (const std::string_view ending :
         {"password", "passwd", "passphrase", "secret", "token", "privatekey", "masterkey"}) {
        if (name.size() >= ending.size() &&
            name.compare(name.size() - ending.size(), ending.size(), ending) == 0) {
            return true;
        }
    }
    return false;
}

std::string maskText(std::string_view text)
{
    std::string masked;
    masked.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const char before = at == 0 ? ' ' : text[at - 1];
        const Match match = matchAt(text.substr(at), before);
        if (match.taken == 0) {
            masked += text[at++];
        } else {
            masked += match.replacement;
            at += match.taken;
        }
    }
    return masked;
}

std::string oneLine(std::string_view text, std::size_t bytes_max)
{
    std::string line;
    line.reserve(text.size() < bytes_max ? text.size() : bytes_max);
    std::size_t at = 0;
    while (at < text.size()) {
        char32_t point = 0;
        std::size_t length = decode(text.substr(at), point);
        std::string piece;
        if (length != 0 && isPrintable(point)) {
            piece = text.substr(at, length);
        } else {
            length = length == 0 ? 1 : length;
            for (std::size_t i = 0; i < length; ++i) {
                piece += escapeByte(text[at + i]);
            }
        }
        if (line.size() + piece.size() > bytes_max) {
            return line + "… (" + std::to_string(text.size()) + " bytes)";
        }
        line += piece;
        at += length;
    }
    return line;
}

} // namespace hub::observe
