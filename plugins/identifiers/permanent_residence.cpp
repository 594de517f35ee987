#include "permanent_residence.hpp"

#include "area.hpp"
#include "arithmetic.hpp"
#include "doubts.hpp"
#include "shape.hpp"
#include "text.hpp"

#include <utility>

namespace identifiers {

namespace {

constexpr std::string_view kShape = "9ddddddddddddddddx";
constexpr std::string_view kShapes[] = {kShape, "aaadddddddddddd"};
constexpr std::size_t kProvincePosition = 2;
constexpr std::size_t kBirthPosition = 7;
constexpr std::size_t kBirthDigits = 8;
constexpr std::size_t kCheckAt = 17;

bool hasProvince(std::string_view number) noexcept
{
    return isProvince(number.substr(kProvincePosition - 1, 2));
}

Findings checkBirthIn(std::string_view number, const Day& today)
{
    return checkBirth(number.substr(kBirthPosition - 1, kBirthDigits), today, kBirthPosition);
}

char expectedCheck(std::string_view number) noexcept
{
    return residentCheck(number.substr(0, kCheckAt));
}

Findings checkNewForm(std::string_view number, const Day& today)
{
    Findings findings = checkBirthIn(number, today);
    if (!hasProvince(number)) {
        findings.insert(
            findings.begin(),
            {.code = Code::Area, .severity = Severity::Warning, .position = kProvincePosition});
    }
    if (number[kCheckAt] != expectedCheck(number)) {
        const auto is_right = [&today](std::string_view other) {
            return other[kCheckAt] == expectedCheck(other) && hasProvince(other) &&
                   checkBirthIn(other, today).empty();
        };
        findings.push_back({.code = Code::CheckCharacter,
                            .position = kCheckAt + 1,
                            .expected = {expectedCheck(number)},
                            .actual = {number[kCheckAt]},
                            .doubts = findDoubts(number, kShape, is_right)});
    }
    return findings;
}

} // namespace

Checked checkPermanentResidence(std::string_view text, const Day& today)
{
    Checked checked = normalizeCode(text);
    if (!checked.findings.empty()) {
        return checked;
    }
    checked.findings = checkShapes(checked.value, kShapes);
    if (checked.findings.empty() && fits(checked.value, kShape)) {
        checked.findings = checkNewForm(checked.value, today);
    }
    return checked;
}

std::string permanentResidenceKey(std::string_view text)
{
    Checked checked = normalizeCode(text);
    const bool has_shape = checked.findings.empty() && checkShapes(checked.value, kShapes).empty();
    return has_shape ? std::move(checked.value) : std::string{};
}

} // namespace identifiers
