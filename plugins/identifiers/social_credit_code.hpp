// The unified social credit code of organizations (GB 32100-2015): 18 characters, of which the
// first says who registered it, the first two what kind of body it is, 3 to 8 where, 9 to 17 are
// the organization code (GB 11714) with a check character of its own, the 18th checks all.
#pragma once

#include "finding.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace identifiers {

/// The kinds of organization that visitors of the mainland choose from. Those from elsewhere have
/// no social credit code.
enum class OrganizationClass { Enterprise, SocialOrganization, PublicInstitution, GovernmentOrgan };

/// Errors: shape, 18th character. Warnings: registration authority, area, 17th character (old
/// bodies have others), and a class that does not fit the chosen one.
Checked checkSocialCreditCode(std::string_view text,
                              std::optional<OrganizationClass> chosen = std::nullopt);

/// What the first two characters of an acceptable code say; nothing when they leave it open, as
/// with law firms.
std::optional<OrganizationClass> organizationClassOf(std::string_view code) noexcept;

/// The first two digits of the area, "31"; "10" is the state itself. Of a normalized code; empty
/// when it is too short.
std::string_view provinceOf(std::string_view code) noexcept;

/// The equal codes are one organization; empty when the text is no acceptable code.
std::string socialCreditKey(std::string_view text);

/// "enterprise"
std::string_view toText(OrganizationClass organization_class) noexcept;

} // namespace identifiers
