#include "phone.hpp"

#include "shape.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace identifiers {

namespace {

/// The classes of shapes can't say "3 to 9", so a rule names its first digits.
struct Rule {
    PhoneRegion region;
    std::string_view country;
    std::string_view trunk; // written in the region, not in E.164
    std::size_t digits;     // without country and trunk
    std::array<std::string_view, 2> leading;
};

constexpr std::string_view kAny = "0123456789";
constexpr Rule kRules[] = {
    {PhoneRegion::Mainland, "86", "", 11, {"1", "3456789"}},
    {PhoneRegion::HongKong, "852", "", 8, {"456789", kAny}},
    {PhoneRegion::Macao, "853", "", 8, {"6", kAny}},
    {PhoneRegion::Taiwan, "886", "0", 9, {"9", kAny}},
};

const Rule* ruleOf(PhoneRegion region) noexcept
{
    const auto* const found =
        std::find_if(std::begin(kRules), std::end(kRules), [region](const Rule& rule) {
            return rule.region == region;
        });
    return found == std::end(kRules) ? nullptr : found;
}

const Rule* ruleOfCountry(std::string_view digits) noexcept
{
    const auto* const found =
        std::find_if(std::begin(kRules), std::end(kRules), [digits](const Rule& rule) {
            return digits.starts_with(rule.country);
        });
    return found == std::end(kRules) ? nullptr : found;
}

std::string_view withoutTrunk(std::string_view number, const Rule& rule) noexcept
{
    const bool has_trunk = !rule.trunk.empty() && number.starts_with(rule.trunk);
    return has_trunk ? number.substr(rule.trunk.size()) : number;
}

bool isOf(const Rule& rule, std::string_view number) noexcept
{
    return number.size() == rule.digits &&
           rule.leading[0].find(number[0]) != std::string_view::npos &&
           rule.leading[1].find(number[1]) != std::string_view::npos;
}

/// Positions count from the start of what was typed, `offset` characters before `number`.
Findings checkNational(std::string_view number, const Rule& rule, std::size_t offset)
{
    if (number.size() != rule.digits) {
        return {{.code = Code::Length,
                 .expected = std::to_string(rule.digits),
                 .actual = std::to_string(number.size())}};
    }
    for (std::size_t i = 0; i < rule.leading.size(); ++i) {
        if (rule.leading[i].find(number[i]) == std::string_view::npos) {
            return {{.code = Code::Character, .position = offset + i + 1, .actual = {number[i]}}};
        }
    }
    return {};
}

void finish(Phone& phone, std::string_view national, const Rule& rule)
{
    phone.region = rule.region;
    const std::string_view number = withoutTrunk(national, rule);
    const auto offset = phone.checked.value.size() - number.size();
    phone.checked.findings = checkNational(number, rule, offset);
    if (phone.checked.findings.empty()) {
        phone.checked.value = "+" + std::string(rule.country) + std::string(number);
    }
}

void finishOther(Phone& phone, std::string_view digits)
{
    constexpr std::size_t kDigitsMin = 7;
    constexpr std::size_t kDigitsMax = 15;
    phone.checked.findings = checkRun(digits, 'd', kDigitsMin, kDigitsMax);
    if (phone.checked.findings.empty() && digits.front() == '0') {
        phone.checked.findings.push_back({.code = Code::CountryCode, .position = 2});
    }
    if (phone.checked.findings.empty()) {
        phone.checked.value = "+" + std::string(digits);
    }
}

void readInternational(Phone& phone, std::string_view digits)
{
    if (const Rule* const rule = ruleOfCountry(digits)) {
        finish(phone, digits.substr(rule->country.size()), *rule);
    } else {
        finishOther(phone, digits);
    }
}

void readNational(Phone& phone, std::string_view digits, PhoneRegion home)
{
    const Rule* const rule = ruleOf(home);
    if (rule != nullptr && isOf(*rule, withoutTrunk(digits, *rule))) {
        finish(phone, digits, *rule);
        return;
    }
    const Rule* const abroad = ruleOfCountry(digits);
    if (abroad != nullptr &&
        isOf(*abroad, withoutTrunk(digits.substr(abroad->country.size()), *abroad))) {
        finish(phone, digits.substr(abroad->country.size()), *abroad);
    } else if (rule != nullptr) {
        finish(phone, digits, *rule);
    } else {
        phone.checked.findings.push_back({.code = Code::CountryCode, .position = 1});
    }
}

} // namespace

Phone checkPhone(std::string_view text, PhoneRegion home)
{
    constexpr std::string_view kExit = "00";
    Phone phone{normalizeCode(text), home};
    std::string& value = phone.checked.value;
    if (!phone.checked.findings.empty()) {
        return phone;
    }
    std::erase_if(value, [](char c) { return c == '(' || c == ')' || c == '.'; });
    if (value.starts_with(kExit)) {
        value.replace(0, kExit.size(), "+");
    }
    const bool is_international = value.starts_with('+');
    const std::string digits = value.substr(is_international ? 1 : 0);
    // First the characters, whatever the length: a misplaced letter is the more exact news.
    phone.checked.findings = checkRun(digits, 'd', 1, kTextBytesMax);
    for (Finding& finding : phone.checked.findings) {
        finding.position += is_international && finding.position > 0 ? 1 : 0;
    }
    if (!phone.checked.findings.empty()) {
        return phone;
    }
    if (is_international) {
        phone.region = PhoneRegion::Other;
        readInternational(phone, digits);
    } else {
        readNational(phone, digits, home);
    }
    return phone;
}

bool isMainlandPhone(std::string_view e164) noexcept
{
    return e164.starts_with("+861");
}

} // namespace identifiers
