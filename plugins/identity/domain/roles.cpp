#include "domain/roles.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace identity {

namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kSelf = {"self:read"sv, "self:write"sv};

constexpr std::array kContact = {"organization:read"sv,
                                 "organization:write"sv,
                                 "persons:read"sv,
                                 "persons:write"sv,
                                 "orders:read"sv,
                                 "orders:write"sv};
constexpr std::array kGroup = {"organizations:read"sv,
                               "organizations:review"sv,
                               "persons:list"sv,
                               "persons:categorize"sv,
                               "persons:cancel"sv,
                               "quotas:read"sv,
                               "quotas:write"sv};
constexpr std::array kFinance = {"finance:read"sv, "finance:write"sv, "payments:read"sv};
constexpr std::array kReviewer = {"person_reviews:read"sv, "person_reviews:write"sv};
constexpr std::array kBadges = {"badges:read"sv, "badges:write"sv};
constexpr std::array kOrganizer = {"organizations:read"sv,
                                   "organizations:review"sv,
                                   "organizations:move"sv,
                                   "persons:list"sv,
                                   "persons:categorize"sv,
                                   "persons:cancel"sv,
                                   "quotas:read"sv,
                                   "quotas:write"sv,
                                   "editions:read"sv,
                                   "editions:write"sv,
                                   "staff:read"sv,
                                   "staff:write"sv,
                                   "messages:read"sv,
                                   "messages:write"sv};
constexpr std::array kAuditor = {"organizations:read"sv,
                                 "persons:list"sv,
                                 "quotas:read"sv,
                                 "editions:read"sv,
                                 "staff:read"sv,
                                 "messages:read"sv,
                                 "finance:read"sv,
                                 "payments:read"sv};

constexpr std::array kRoles = {
    Role{"contact", About::Organization, kContact},
    Role{"sub_delegation", About::SubDelegation, kGroup},
    Role{"delegation", About::Delegation, kGroup},
    Role{"finance", About::Edition, kFinance},
    Role{"person_reviewer", About::Edition, kReviewer},
    Role{"badge_center", About::Edition, kBadges},
    Role{"organizer", About::Edition, kOrganizer},
    Role{"auditor", About::Edition, kAuditor},
};

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

std::vector<std::string> scopesOf(const std::vector<Grant>& grants)
{
    std::set<std::string> scopes;
    for (const Grant& grant : grants) {
        const Role* role = findRole(grant.role);
        if (role == nullptr) {
            continue;
        }
        scopes.insert(kSelf.begin(), kSelf.end());
        scopes.insert(role->scopes.begin(), role->scopes.end());
        if (role->about != About::Edition) {
            scopes.insert(std::string(prefixOf(role->about)) + grant.scope_id);
        }
    }
    return {scopes.begin(), scopes.end()};
}

} // namespace identity
