// Who categorizes persons in an edition, and so at which level of the quota tree places are held.
#pragma once

namespace chaos {

enum class Mode {
    ByDelegation,   ///< clerks, when an organization was approved: places of its group
    ByOrganization, ///< its contact, in the form: places of the organization, at the submission
};

} // namespace chaos
