// What is there at the end, by the public views: the counters of every node of the quota tree and
// of the lists, against a count of the persons that the lists show.
#pragma once

#include "caller.hpp"
#include "mode.hpp"
#include "quota_replay.hpp"
#include "quota_roll.hpp"

#include <functional>
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

/// The quota tree of an edition.
struct QuotaTree {
    std::string edition;
    std::vector<Group> groups; ///< all that have quotas beside the edition
    Mode mode = Mode::ByDelegation;
};

struct Recount {
    std::vector<std::string> unequal;             ///< a counter and its recount differ
    std::vector<std::string> exceeded;            ///< more used than given
    std::map<std::string, std::int64_t> compared; ///< counters by level
    /// Counters of limited categories that were not 0, by level: 0 equals 0 also in a hub that
    /// does not count.
    std::map<std::string, std::int64_t> held;
};
/// What the hub shows at a path.
using Reader = std::function<Json(const std::string& path)>;
/// Throws std::runtime_error unless the answer is 200.
Reader readerOf(Caller& caller);

Recount recount(const Reader& read,
                const QuotaTree& tree,
                const Enrolment& enrolment,
                const QuotaReplay& replay);

/// Acknowledged and not there, with exactly that content; whoever was submitted may have come
/// further by the organization's approval.
std::vector<std::string> findLost(const QuotaRoll& roll, const Enrolment& enrolment);

} // namespace chaos
