#include "resident_card.hpp"

#include "area.hpp"
#include "arithmetic.hpp"
#include "doubts.hpp"
#include "shape.hpp"
#include "text.hpp"

#include <utility>

namespace identifiers {

namespace {

constexpr std::string_view kShape = "dddddddddddddddddx";
constexpr std::string_view kOldShape = "ddddddddddddddd";
constexpr std::size_t kAreaDigits = 6;
constexpr std::size_t kBirthDigits = 8;
constexpr std::size_t kBirthPosition = 7;
constexpr std::size_t kSexAt = 16;
constexpr std::size_t kCheckAt = 17;

using HasArea = bool (*)(std::string_view number);

bool isOfTheMainland(std::string_view number)
{
    return isProvince(number.substr(0, 2));
}

bool isOfTheOtherRegions(std::string_view number)
{
    const std::string_view area = number.substr(0, kAreaDigits);
    return area == "810000" || area == "820000" || area == "830000";
}

std::string_view birthIn(std::string_view number) noexcept
{
    return number.substr(kAreaDigits, kBirthDigits);
}

/// All but the check character.
Findings checkContent(std::string_view number, const PersonFacts& facts, HasArea has_area)
{
    Findings findings;
    if (!has_area(number)) {
        findings.push_back({.code = Code::Area, .position = 1});
    }
    for (Finding& finding : checkBirth(birthIn(number), facts.today, kBirthPosition)) {
        findings.push_back(std::move(finding));
    }
    if (facts.sex && facts.sex != sexOf(number)) {
        findings.push_back({.code = Code::Sex, .position = kSexAt + 1});
    }
    return findings;
}

char expectedCheck(std::string_view number) noexcept
{
    return residentCheck(number.substr(0, kCheckAt));
}

Finding wrongCheck(std::string_view number, const PersonFacts& facts, HasArea has_area)
{
    const auto is_right = [&facts, has_area](std::string_view other) {
        return other[kCheckAt] == expectedCheck(other) &&
               checkContent(other, facts, has_area).empty();
    };
    return {.code = Code::CheckCharacter,
            .position = kCheckAt + 1,
            .expected = {expectedCheck(number)},
            .actual = {number[kCheckAt]},
            .doubts = findDoubts(number, kShape, is_right)};
}

Checked check(std::string_view text, const PersonFacts& facts, HasArea has_area)
{
    Checked checked = normalizeCode(text);
    if (!checked.findings.empty()) {
        return checked;
    }
    const std::string& number = checked.value;
    if (fits(number, kOldShape)) {
        checked.findings.push_back({.code = Code::OldForm, .expected = "18", .actual = "15"});
        return checked;
    }
    checked.findings = checkShape(number, kShape);
    if (!checked.findings.empty()) {
        return checked;
    }
    checked.findings = checkContent(number, facts, has_area);
    if (number[kCheckAt] != expectedCheck(number)) {
        checked.findings.push_back(wrongCheck(number, facts, has_area));
    }
    return checked;
}

} // namespace

Checked checkResidentCard(std::string_view text, const PersonFacts& facts)
{
    return check(text, facts, isOfTheMainland);
}

Checked checkResidencePermit(std::string_view text, const PersonFacts& facts)
{
    return check(text, facts, isOfTheOtherRegions);
}

std::optional<Day> birthOf(std::string_view number)
{
    return fits(number, kShape) ? parseDay(birthIn(number)) : std::nullopt;
}

std::optional<Sex> sexOf(std::string_view number) noexcept
{
    if (!fits(number, kShape)) {
        return std::nullopt;
    }
    return (number[kSexAt] - '0') % 2 == 1 ? Sex::Male : Sex::Female;
}

std::string residentKey(std::string_view text)
{
    Checked checked = normalizeCode(text);
    if (fits(checked.value, kShape)) {
        return std::move(checked.value);
    }
    if (!fits(checked.value, kOldShape)) {
        return {};
    }
    // The old form has neither century nor check; it was given to people born in the 1900s.
    std::string number = checked.value;
    number.insert(kAreaDigits, "19");
    return number + residentCheck(number);
}

} // namespace identifiers
