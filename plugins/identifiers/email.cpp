#include "email.hpp"

#include "shape.hpp"
#include "text.hpp"

#include <algorithm>
#include <utility>

namespace identifiers {

namespace {

// RFC 5321 4.5.3.1: a path of 256 with its brackets.
constexpr std::size_t kAddressMax = 254;
constexpr std::size_t kLocalMax = 64;
constexpr std::size_t kLabelMax = 63;
constexpr std::string_view kAtomSigns = "!#$%&'*+-/=?^_`{|}~";

Findings formAt(std::size_t position)
{
    return {{.code = Code::EmailForm, .position = position}};
}

bool isAtomCharacter(char c) noexcept
{
    return isLetter(c) || isDigit(c) || kAtomSigns.find(c) != std::string_view::npos;
}

bool isLabelCharacter(char c) noexcept
{
    return isLetter(c) || isDigit(c) || c == '-';
}

/// Non-empty parts between dots. Positions count from `first`.
Findings checkParts(std::string_view text, std::size_t first, bool (*is_allowed)(char))
{
    bool is_start = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dot = text[i] == '.';
        if (is_dot ? is_start : !is_allowed(text[i])) {
            return formAt(first + i);
        }
        is_start = is_dot;
    }
    return is_start ? formAt(first + text.size()) : Findings{};
}

/// Of a label that checkParts let pass.
bool isLabel(std::string_view label) noexcept
{
    return label.size() <= kLabelMax && label.front() != '-' && label.back() != '-';
}

Findings checkHost(std::string_view host, std::size_t first)
{
    Findings findings = checkParts(host, first, isLabelCharacter);
    if (!findings.empty()) {
        return findings;
    }
    std::size_t begin = 0;
    std::string_view label;
    for (std::size_t end = 0; end != host.size(); begin = end + 1) {
        end = std::min(host.find('.', begin), host.size());
        label = host.substr(begin, end - begin);
        if (!isLabel(label)) {
            return formAt(first + begin);
        }
    }
    // A last label of digits alone would be an IPv4 address.
    const bool has_top = label.size() < host.size() && label.size() > 1 &&
                         !std::all_of(label.begin(), label.end(), isDigit);
    return has_top ? Findings{} : formAt(first + host.size() - label.size());
}

Findings checkAddress(std::string_view text)
{
    if (text.size() > kAddressMax) {
        return {{.code = Code::Length,
                 .expected = "3-" + std::to_string(kAddressMax),
                 .actual = std::to_string(text.size())}};
    }
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) {
        return formAt(0);
    }
    if (at > kLocalMax) {
        return formAt(kLocalMax + 1);
    }
    Findings findings = checkParts(text.substr(0, at), 1, isAtomCharacter);
    return findings.empty() ? checkHost(text.substr(at + 1), at + 2) : findings;
}

} // namespace

Checked checkEmail(std::string_view text)
{
    Checked checked = normalize(text, Separators::Keep, Letters::Keep);
    if (!checked.findings.empty()) {
        return checked;
    }
    std::string& value = checked.value;
    const auto foreign = std::find_if(
        value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    // Before it all is ASCII, so its byte's position is its character's.
    checked.findings = foreign == value.end()
                           ? checkAddress(value)
                           : formAt(static_cast<std::size_t>(foreign - value.begin()) + 1);
    if (checked.findings.empty()) {
        const auto at = value.begin() + static_cast<std::ptrdiff_t>(value.find('@'));
        std::transform(at, value.end(), at, toLower);
    }
    return checked;
}

std::string emailKey(std::string_view text)
{
    Checked checked = checkEmail(text);
    if (!checked.isAcceptable()) {
        return {};
    }
    std::transform(checked.value.begin(), checked.value.end(), checked.value.begin(), toLower);
    return std::move(checked.value);
}

} // namespace identifiers
