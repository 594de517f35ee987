// What is there at the end, by the public views: the counters of every node of the quota tree and
// of the lists, against a count of the persons that the lists show.
#pragma once

#include "caller.hpp"
#include "quota_replay.hpp"
#include "quota_roll.hpp"

#include <map>
#include <string>
#include <vector>

namespace chaos {

struct ListedPerson {
    std::string organization_id;
    std::string state;
    std::string category;
    bool reuse = false;
};

/// Of one edition, at rest. Throws std::runtime_error when the hub does not show it.
struct Enrolment {
    std::map<std::string, ListedPerson> persons; ///< submitted ones, by id
    std::map<std::string, Group> organizations;
    std::vector<std::string> twice; ///< who is in the list more than once
};
Enrolment readEnrolment(Caller& caller, const std::string& edition);

struct Recount {
    std::vector<std::string> unequal;             ///< a counter and its recount differ
    std::vector<std::string> exceeded;            ///< more used than given
    std::map<std::string, std::int64_t> compared; ///< counters by level
};
/// `groups` are all that have quotas beside the edition.
Recount recount(Caller& caller,
                const std::string& edition,
                const std::vector<Group>& groups,
                const Enrolment& enrolment,
                const QuotaReplay& replay);

/// Acknowledged and not there, with exactly that content.
std::vector<std::string> findLost(const QuotaRoll& roll, const Enrolment& enrolment);

} // namespace chaos
