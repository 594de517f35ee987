// What the organizer puts for an edition beside its pack: the tree of industries, the registry of
// referral codes, the texts that consents are asked for.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// PUT /editions/{edition}/industries: nodes, parents first; what is not named stays.
hub::Answer putIndustries(const Work& work);
hub::Answer listIndustries(const hub::Snapshot& snapshot, const hub::Event& event);
/// GET /editions/{edition}/industries/matches?words=…
hub::Answer findIndustries(const hub::Snapshot& snapshot, const hub::Event& event);

/// PUT /editions/{edition}/referral-codes: codes with their owners; what is not named stays.
hub::Answer putReferralCodes(const Work& work);
hub::Answer listReferralCodes(const hub::Snapshot& snapshot, const hub::Event& event);

/// PUT /editions/{edition}/policies/{kind}: the present version; consents to older ones do not
/// count any more.
hub::Answer putPolicyVersion(const Work& work);
hub::Answer listPolicies(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
