#include "social_credit_code.hpp"

#include "area.hpp"
#include "arithmetic.hpp"
#include "doubts.hpp"
#include "shape.hpp"
#include "text.hpp"

#include <utility>

namespace identifiers {

namespace {

constexpr std::string_view kShape = "ssddddddssssssssss";
constexpr std::size_t kAuthorityPosition = 1;
constexpr std::size_t kAreaPosition = 3;
constexpr std::size_t kOrganizationAt = 8;
constexpr std::size_t kOrganizationCheckAt = 16;
constexpr std::size_t kCheckAt = 17;

char expectedOrganizationCheck(std::string_view code) noexcept
{
    return organizationCheck(code.substr(kOrganizationAt, kOrganizationCheckAt - kOrganizationAt));
}

bool hasAuthority(std::string_view code) noexcept
{
    return std::string_view("123456789ANY").find(code[0]) != std::string_view::npos;
}

bool hasArea(std::string_view code) noexcept
{
    constexpr std::string_view kState = "10";
    return isProvince(provinceOf(code)) || provinceOf(code) == kState;
}

/// Without a doubt, as a candidate for what somebody meant has to be.
bool isRight(std::string_view code) noexcept
{
    return hasAuthority(code) && hasArea(code) &&
           code[kOrganizationCheckAt] == expectedOrganizationCheck(code) &&
           code[kCheckAt] == socialCreditCheck(code.substr(0, kCheckAt));
}

Finding warning(Code code, std::size_t position)
{
    return {.code = code, .severity = Severity::Warning, .position = position};
}

void addKind(Findings& findings, std::string_view code, std::optional<OrganizationClass> chosen)
{
    if (!hasAuthority(code)) {
        findings.push_back(warning(Code::RegistrationAuthority, kAuthorityPosition));
    }
    const auto stated = organizationClassOf(code);
    if (chosen && stated && *chosen != *stated) {
        Finding finding = warning(Code::OrganizationClass, kAuthorityPosition);
        finding.expected = toText(*chosen);
        finding.actual = toText(*stated);
        findings.push_back(std::move(finding));
    }
    if (!hasArea(code)) {
        findings.push_back(warning(Code::Area, kAreaPosition));
    }
}

void addChecks(Findings& findings, std::string_view code)
{
    const char organization = expectedOrganizationCheck(code);
    if (code[kOrganizationCheckAt] != organization) {
        Finding finding = warning(Code::OrganizationCheck, kOrganizationCheckAt + 1);
        finding.expected = organization;
        finding.actual = code[kOrganizationCheckAt];
        findings.push_back(std::move(finding));
    }
    const char check = socialCreditCheck(code.substr(0, kCheckAt));
    if (code[kCheckAt] != check) {
        findings.push_back({.code = Code::CheckCharacter,
                            .position = kCheckAt + 1,
                            .expected = {check},
                            .actual = {code[kCheckAt]},
                            .doubts = findDoubts(code, kShape, isRight)});
    }
}

} // namespace

Checked checkSocialCreditCode(std::string_view text, std::optional<OrganizationClass> chosen)
{
    Checked checked = normalizeCode(text);
    if (!checked.findings.empty()) {
        return checked;
    }
    checked.findings = checkShape(checked.value, kShape);
    if (checked.findings.empty()) {
        addKind(checked.findings, checked.value, chosen);
        addChecks(checked.findings, checked.value);
    }
    return checked;
}

std::optional<OrganizationClass> organizationClassOf(std::string_view code) noexcept
{
    if (code.starts_with("11")) {
        return OrganizationClass::GovernmentOrgan;
    }
    if (code.starts_with("12")) {
        return OrganizationClass::PublicInstitution;
    }
    if (code.starts_with("13") || code.starts_with('5')) {
        return OrganizationClass::SocialOrganization;
    }
    if (code.starts_with('9')) {
        return OrganizationClass::Enterprise;
    }
    return std::nullopt;
}

std::string_view provinceOf(std::string_view code) noexcept
{
    return code.size() > kAreaPosition ? code.substr(kAreaPosition - 1, 2) : std::string_view{};
}

std::string socialCreditKey(std::string_view text)
{
    Checked checked = checkSocialCreditCode(text);
    return checked.isAcceptable() ? std::move(checked.value) : std::string{};
}

std::string_view toText(OrganizationClass organization_class) noexcept
{
    switch (organization_class) {
    case OrganizationClass::Enterprise:
        return "enterprise";
    case OrganizationClass::SocialOrganization:
        return "social_organization";
    case OrganizationClass::PublicInstitution:
        return "public_institution";
    case OrganizationClass::GovernmentOrgan:
        return "government_organ";
    }
    return "";
}

} // namespace identifiers
