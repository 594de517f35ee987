// The world of a quota run: an edition, its groups with scarce quotas, and organizations with past
// persons, all approved. Where delegations categorize, everybody is submitted, anew or with the old
// badge; where organizations choose, one person of each is, and the contacts stay logged in.
#pragma once

#include "installation.hpp"
#include "mode.hpp"
#include "quota_roll.hpp"
#include "registration_office.hpp"
#include "registration_people.hpp"

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
    Mode mode = Mode::ByDelegation;
    std::vector<Contact> contacts; ///< of all organizations, where these choose
};

/// The shipped edition that has this mode.
const char* editionOf(Mode mode);

/// Every group that has staff: those of organizations, and the delegations above them.
std::vector<Group> staffedGroups(const QuotaWorld& world);

/// Makes it by what the organizer, contacts and the command line can do, and enrols everybody.
/// Throws std::runtime_error when a step is refused.
QuotaWorld buildQuotaWorld(const Installation& installation,
                           Office& office,
                           QuotaRoll& roll,
                           Effort& effort,
                           Mode mode,
                           std::int64_t persons);

/// Divides a delegation's quota among its groups; what is below it is its own staff's to give.
void giveQuotaBelow(Caller& clerk, const QuotaWorld& world, const std::string& delegation_id);

/// Gives the group's own organizations what they can have, and keeps a share for later. The clerk
/// is the group's.
void giveQuotaToOrganizations(Caller& clerk,
                              const QuotaWorld& world,
                              const std::vector<std::string>& organizations);

} // namespace chaos
