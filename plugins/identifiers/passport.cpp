#include "passport.hpp"

#include "shape.hpp"
#include "text.hpp"

namespace identifiers {

namespace {

constexpr std::string_view kChineseShapes[] = {"Edddddddd", "Ecddddddd", "Gdddddddd", "pEddddddd"};
constexpr std::string_view kCountryShape = "aaa";
constexpr std::size_t kNumberMin = 5;
constexpr std::size_t kNumberMax = 9;

} // namespace

Checked checkPassport(std::string_view text)
{
    Checked checked = normalizeCode(text);
    if (checked.findings.empty()) {
        checked.findings = checkRun(checked.value, 'n', kNumberMin, kNumberMax);
    }
    return checked;
}

Checked checkChinesePassport(std::string_view text)
{
    Checked checked = normalizeCode(text);
    if (checked.findings.empty()) {
        checked.findings = checkShapes(checked.value, kChineseShapes);
    }
    return checked;
}

std::string passportKey(std::string_view text, std::string_view country)
{
    const Checked number = checkPassport(text);
    const Checked issuer = normalizeCode(country);
    if (!number.isAcceptable() || !fits(issuer.value, kCountryShape)) {
        return {};
    }
    return issuer.value + ":" + number.value;
}

} // namespace identifiers
