#include "domain/roles.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace identity {

namespace {

constexpr std::array kRoles = {
    Role{"contact", About::Organization},
    Role{"sub_delegation", About::SubDelegation},
    Role{"delegation", About::Delegation},
    Role{"finance", About::Edition},
    Role{"person_reviewer", About::Edition},
    Role{"badge_center", About::Edition},
    Role{"organizer", About::Edition},
    Role{"auditor", About::Edition},
};

/// One bit a role, in the order of kRoles.
using Roles = unsigned;
constexpr Roles kContact = 1U << 0U;
constexpr Roles kSub = 1U << 1U;
constexpr Roles kDelegation = 1U << 2U;
constexpr Roles kFinance = 1U << 3U;
constexpr Roles kReviewer = 1U << 4U;
constexpr Roles kBadges = 1U << 5U;
constexpr Roles kOrganizer = 1U << 6U;
constexpr Roles kAuditor = 1U << 7U;
constexpr Roles kGroups = kSub | kDelegation;
constexpr Roles kAll = (1U << kRoles.size()) - 1U;

struct Row {
    std::string_view scope;
    Roles roles;
};

// The organizer stands in for the delegation of those who have none (C-02): reviews, categorizes,
// collects and cancels for them.
constexpr std::array kTable = {
    Row{"self:read", kAll},
    Row{"self:write", kAll},
    Row{"registration:read", kContact | kGroups | kOrganizer | kAuditor},
    Row{"registration:write", kContact | kOrganizer},
    Row{"organizations:read", kGroups | kOrganizer | kAuditor},
    Row{"organizations:review", kGroups | kOrganizer},
    Row{"organizations:move", kOrganizer},
    Row{"persons:read", kContact | kGroups | kOrganizer | kAuditor},
    Row{"persons:write", kContact},
    Row{"persons:list", kGroups | kOrganizer | kAuditor},
    Row{"persons:categorize", kGroups | kOrganizer},
    Row{"persons:cancel", kGroups | kOrganizer},
    Row{"joiners:write", kContact},
    Row{"quotas:read", kContact | kGroups | kOrganizer | kAuditor},
    Row{"quotas:write", kGroups | kOrganizer},
    Row{"orders:read", kContact | kFinance | kOrganizer | kAuditor},
    Row{"orders:write", kContact},
    Row{"invoices:write", kContact},
    Row{"finance:read", kFinance | kAuditor},
    Row{"finance:write", kFinance},
    Row{"payments:read", kFinance | kAuditor},
    Row{"payments:refund", kFinance},
    Row{"person_review:read", kReviewer | kOrganizer | kAuditor},
    Row{"person_review:write", kReviewer},
    Row{"person_review:relay", kOrganizer},
    Row{"badges:read", kGroups | kBadges | kOrganizer | kAuditor},
    Row{"badges:write", kBadges},
    Row{"badges:collect", kGroups | kOrganizer},
    Row{"investment:review", kGroups},
    Row{"side_events:write", kOrganizer},
    Row{"meetings:answer", kOrganizer},
    Row{"mass_mail:write", kGroups | kOrganizer},
    Row{"claims:read", kDelegation | kOrganizer | kAuditor},
    Row{"claims:write", kDelegation | kOrganizer},
    Row{"staff:read", kDelegation | kOrganizer | kAuditor},
    Row{"staff:write", kOrganizer},
    Row{"editions:read", kOrganizer | kAuditor},
    Row{"editions:write", kOrganizer},
    Row{"messages:read", kOrganizer | kAuditor},
    Row{"messages:write", kOrganizer},
    Row{"audit:read", kOrganizer | kAuditor},
};

/// 0 for an unknown role.
Roles bitOf(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < kRoles.size(); ++i) {
        if (kRoles[i].name == name) {
            return 1U << i;
        }
    }
    return 0;
}

std::string_view prefixOf(About about)
{
    switch (about) {
    case About::Organization:
        return "organization:";
    case About::SubDelegation:
        return "sub_delegation:";
    case About::Delegation:
        return "delegation:";
    case About::Edition:
        break;
    }
    return "";
}

} // namespace

const Role* findRole(std::string_view name) noexcept
{
    const auto* found = std::find_if(
        kRoles.begin(), kRoles.end(), [name](const Role& role) { return role.name == name; });
    return found == kRoles.end() ? nullptr : found;
}

std::span<const Role> allRoles() noexcept
{
    return kRoles;
}

std::vector<std::string_view> allScopes()
{
    std::vector<std::string_view> scopes;
    for (const Row& row : kTable) {
        scopes.push_back(row.scope);
    }
    return scopes;
}

bool mayDo(std::string_view role, std::string_view scope) noexcept
{
    const Roles bit = bitOf(role);
    return std::any_of(kTable.begin(), kTable.end(), [&](const Row& row) {
        return row.scope == scope && (row.roles & bit) != 0;
    });
}

std::vector<std::string> lackingIn(std::string_view role, const std::vector<std::string>& scopes)
{
    std::vector<std::string> lacking;
    std::copy_if(scopes.begin(),
                 scopes.end(),
                 std::back_inserter(lacking),
                 [role](const std::string& scope) { return !mayDo(role, scope); });
    return lacking;
}

std::string_view misfitOf(const std::vector<Grant>& grants) noexcept
{
    Roles roles = 0;
    for (const Grant& grant : grants) {
        roles |= bitOf(grant.role);
    }
    if ((roles & kAuditor) != 0 && roles != kAuditor) {
        return "auditor";
    }
    constexpr Roles kNarrow = kContact | kGroups;
    for (const Role& role : kRoles) {
        const Roles bit = bitOf(role.name);
        if ((roles & bit) != 0 && (bit & kNarrow) == 0 && (roles & kNarrow) != 0) {
            return role.name;
        }
    }
    return "";
}

std::vector<std::string> scopesOf(const std::vector<Grant>& grants)
{
    std::set<std::string> scopes;
    for (const Grant& grant : grants) {
        const Role* role = findRole(grant.role);
        if (role == nullptr) {
            continue;
        }
        for (const Row& row : kTable) {
            if ((row.roles & bitOf(role->name)) != 0) {
                scopes.emplace(row.scope);
            }
        }
        if (role->about != About::Edition) {
            scopes.insert(std::string(prefixOf(role->about)) + grant.scope_id);
        }
    }
    return {scopes.begin(), scopes.end()};
}

} // namespace identity
