#include "mrz.hpp"

#include "arithmetic.hpp"
#include "doubts.hpp"
#include "shape.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace identifiers {

namespace {

constexpr std::size_t kLineSize = 44;
constexpr std::string_view kFirstShape = "Pmammmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm";
constexpr std::string_view kSecondShape = "mmmmmmmmmdmmmmmmmmmdmmmmmmmdmmmmmmmmmmmmmmmd";
static_assert(kFirstShape.size() == kLineSize && kSecondShape.size() == kLineSize);

/// What a check digit protects: parts of line 2, from 0.
struct Part {
    std::size_t at;
    std::size_t size;
};

struct Protection {
    Code code;
    std::size_t check_at;
    std::array<Part, 3> parts; // of size 0: none
};

constexpr Protection kProtections[] = {
    {Code::MrzNumberCheck, 9, {{{0, 9}}}},
    {Code::MrzBirthCheck, 19, {{{13, 6}}}},
    {Code::MrzExpiryCheck, 27, {{{21, 6}}}},
    {Code::MrzPersonalCheck, 42, {{{28, 14}}}},
    {Code::MrzCompositeCheck, 43, {{{0, 10}, {13, 7}, {21, 22}}}},
};

std::string protectedBy(const Protection& protection, std::string_view line)
{
    std::string text;
    for (const Part& part : protection.parts) {
        text += line.substr(part.at, part.size);
    }
    return text;
}

/// The check of an empty personal number may be a filler instead of 0; at the others the shape has
/// a digit already.
bool holds(const Protection& protection, std::string_view line)
{
    const std::string text = protectedBy(protection, line);
    const char stated = line[protection.check_at];
    const bool is_empty = text.find_first_not_of('<') == std::string::npos;
    return stated == mrzCheck(text) || (is_empty && stated == '<');
}

bool isRight(std::string_view line)
{
    return std::all_of(std::begin(kProtections),
                       std::end(kProtections),
                       [line](const Protection& protection) { return holds(protection, line); });
}

std::string withoutFillers(std::string_view field)
{
    std::string text(field.substr(0, field.find_last_not_of('<') + 1));
    std::replace(text.begin(), text.end(), '<', ' ');
    return text;
}

void addTo(Mrz& mrz, Findings findings, std::size_t line)
{
    for (Finding& finding : findings) {
        finding.line = line;
        mrz.findings.push_back(std::move(finding));
    }
}

void addChecks(Mrz& mrz, std::string_view line)
{
    Findings findings;
    for (const Protection& protection : kProtections) {
        if (!holds(protection, line)) {
            findings.push_back({.code = protection.code,
                                .position = protection.check_at + 1,
                                .expected = {mrzCheck(protectedBy(protection, line))},
                                .actual = {line[protection.check_at]}});
        }
    }
    // One mistake may break two checks; the first carries what would mend both.
    if (!findings.empty()) {
        findings.front().doubts = findDoubts(line, kSecondShape, isRight);
    }
    addTo(mrz, std::move(findings), 2);
}

void readFirst(Mrz& mrz, std::string_view line)
{
    constexpr std::string_view kNameSeparator = "<<";
    mrz.issuer = withoutFillers(line.substr(2, 3));
    const std::string_view names = line.substr(5);
    const std::size_t end = std::min(names.find(kNameSeparator), names.size());
    mrz.surname = withoutFillers(names.substr(0, end));
    const std::string_view rest = names.substr(end);
    mrz.given_names =
        withoutFillers(rest.substr(std::min(rest.find_first_not_of('<'), rest.size())));
}

void readDays(Mrz& mrz, std::string_view line, const Day& today, const Day& fair_last_day)
{
    constexpr Part kBirth{13, 6};
    constexpr Part kExpiry{21, 6};
    const std::string_view birth = line.substr(kBirth.at, kBirth.size);
    mrz.birth = parsePastDay(birth, today);
    if (!mrz.birth) {
        const bool is_unknown = birth.find('<') != std::string_view::npos;
        addTo(mrz,
              {{.code = Code::BirthDate,
                .severity = is_unknown ? Severity::Warning : Severity::Error,
                .position = kBirth.at + 1}},
              2);
    }
    mrz.expires = parseExpiryDay(line.substr(kExpiry.at, kExpiry.size), today);
    if (!mrz.expires) {
        addTo(mrz, {{.code = Code::ExpiryDate, .position = kExpiry.at + 1}}, 2);
        return;
    }
    for (Finding& finding : checkExpiry(*mrz.expires, fair_last_day)) {
        finding.position = kExpiry.at + 1;
        addTo(mrz, {std::move(finding)}, 2);
    }
}

void readSecond(Mrz& mrz, std::string_view line)
{
    constexpr std::size_t kSexAt = 20;
    mrz.number = withoutFillers(line.substr(0, 9));
    mrz.nationality = withoutFillers(line.substr(10, 3));
    mrz.personal_number = withoutFillers(line.substr(28, 14));
    if (line[kSexAt] == 'M') {
        mrz.sex = Sex::Male;
    } else if (line[kSexAt] == 'F') {
        mrz.sex = Sex::Female;
    } else if (line[kSexAt] != '<') {
        addTo(
            mrz, {{.code = Code::Character, .position = kSexAt + 1, .actual = {line[kSexAt]}}}, 2);
    }
}

} // namespace

Mrz readMrz(std::string_view text, const Day& today, const Day& fair_last_day)
{
    Mrz mrz;
    // Dashes are no separators here: a scanner that writes one has misread a character.
    Checked checked = normalize(text, Separators::Keep, Letters::Upper);
    std::erase(checked.value, ' ');
    mrz.findings = std::move(checked.findings);
    if (!mrz.findings.empty()) {
        return mrz;
    }
    const std::string_view lines = checked.value;
    const auto characters = charactersOf(lines);
    if (characters->size() != 2 * kLineSize) {
        mrz.findings = checkRun(lines, 'm', 2 * kLineSize, 2 * kLineSize);
        return mrz;
    }
    std::string first;
    std::string second;
    for (std::size_t i = 0; i < characters->size(); ++i) {
        (i < kLineSize ? first : second) += (*characters)[i].bytes;
    }
    addTo(mrz, checkShape(first, kFirstShape), 1);
    addTo(mrz, checkShape(second, kSecondShape), 2);
    if (mrz.findings.empty()) {
        readFirst(mrz, first);
        readSecond(mrz, second);
        readDays(mrz, second, today, fair_last_day);
        addChecks(mrz, second);
    }
    return mrz;
}

} // namespace identifiers
