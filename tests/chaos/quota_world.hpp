// The world of a quota run: an edition where delegations categorize, its groups with scarce quotas,
// organizations with past persons who apply anew or with their badge, all submitted and approved.
#pragma once

#include "installation.hpp"
#include "quota_roll.hpp"
#include "registration_office.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace chaos {

struct QuotaWorld {
    std::string edition;
    std::vector<Group> groups;     ///< where organizations are
    std::set<std::string> limited; ///< categories with a quota
    std::int64_t persons = 0;
};

/// Every group that has staff: those of organizations, and the delegations above them.
std::vector<Group> staffedGroups(const QuotaWorld& world);

/// Makes it by what the organizer, contacts and the command line can do, and enrols everybody.
/// Throws std::runtime_error when a step is refused.
QuotaWorld buildQuotaWorld(const Installation& installation,
                           Office& office,
                           QuotaRoll& roll,
                           Effort& effort,
                           std::int64_t persons);

/// Divides a delegation's quota among its groups; what is below it is its own staff's to give.
void giveQuotaBelow(Caller& clerk, const QuotaWorld& world, const std::string& delegation_id);

} // namespace chaos
