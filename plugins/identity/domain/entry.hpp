// The entry page (requirements 2.2): which classes of organization a region offers, and how an
// organization of it proves its contact and is called. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <identifiers/social_credit_code.hpp>

namespace identity {

struct Region {
    std::string_view name;
    bool is_mainland; // all others are 境外 (C-02): no social credit code, no delegation
    std::string_view en;
    std::string_view zh;
};

struct OrganizationKind {
    std::string_view name;
    bool is_mainland;
    /// What the social credit code of one says; outside the mainland nobody has a code.
    std::optional<identifiers::OrganizationClass> by_code;
    std::string_view en;
    std::string_view zh;
};

/// What happens between the entry page and the badge; told as long as the rule holds.
struct Step {
    std::string_view name;
    std::string_view rule;
    std::string_view en;
    std::string_view zh;
};

/// In their order: the persons are reviewed after the payment.
std::span<const Step> allSteps() noexcept;

/// The mainland first: it is the default.
std::span<const Region> allRegions() noexcept;
std::span<const OrganizationKind> allKinds() noexcept;

bool isMainland(std::string_view region) noexcept;
/// Null for a class that the region does not offer.
const OrganizationKind* findKind(std::string_view region, std::string_view name) noexcept;
/// "sms" or "mail" (C-02).
std::string_view channelOf(std::string_view region) noexcept;

/// "OV", eight digits and a check digit (ISO 7064 MOD 11,10): the account of who has no code.
std::string overseasAccount(std::int64_t number);
/// True for what looks like such an account and was mistyped.
bool isMistypedAccount(std::string_view typed);

} // namespace identity
