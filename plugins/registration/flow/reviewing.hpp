// Reviewing: what an organization's review comes to, by whoever decides, and what follows for its
// persons.
#pragma once

#include "flow/work.hpp"

#include <optional>
#include <string_view>

#include <requests/answers.hpp>

namespace registration {

/// A submitted organization passes when a rule of the edition says so; else a person reviews it,
/// and its reason says why (C-04). Nothing happens to others.
void passAutomatically(const Work& work, Organization& organization, const Edition& edition);

struct Decision {
    OrganizationEvent event; // Approve, Reject, Return or Disable
    std::string reason;      // for the contact
};

/// Nothing when it was done.
std::optional<requests::Refusal> decide(const Work& work,
                                        Organization& organization,
                                        const Edition& edition,
                                        const Decision& decision);

/// 422 unless it is a delegation and, if one is named, a sub-delegation of it.
std::optional<requests::Refusal> checkPlace(const Work& work,
                                            const Edition& edition,
                                            std::string_view delegation_id,
                                            std::string_view sub_delegation_id);

/// To another delegation: it reviews anew.
std::optional<requests::Refusal> moveTo(const Work& work,
                                        Organization& organization,
                                        const Edition& edition,
                                        std::string_view delegation_id,
                                        std::string_view sub_delegation_id,
                                        std::string_view reason);

/// To another sub-delegation of the same delegation; '' for none.
std::optional<requests::Refusal> reassign(const Work& work,
                                          Organization& organization,
                                          const Edition& edition,
                                          std::string_view sub_delegation_id);

/// 409 for an event that has no row in the table of states.
requests::Refusal stateForbids(const Organization& organization);

} // namespace registration
