// Quotas: how many of a limited category each node may give away (DESIGN 14.31). What a node
// allocates to those below counts as used, and at every node 0 <= allocated + reserved <= total.
#pragma once

#include "flow/work.hpp"
#include "store/quota_rows.hpp"

#include <optional>

#include <requests/answers.hpp>

namespace registration {

/// Takes a place of `category` for the person, and gives back the one that it had: from its
/// organization in an edition where organizations choose, else from its sub-delegation,
/// or its delegation when it is in none. Nothing when it could be had; `person` gets the
/// category, the caller saves it. What is refused has changed nothing.
std::optional<requests::Refusal>
takePlace(const Work& work, Person& person, const Category& category, const Edition& edition);

/// The place goes back to where it was taken from, whatever moved since. Without one: nothing.
void giveBackPlace(const Work& work, const Person& person);

/// Work::relocate with the places: what the organization's persons hold is taken from the new node,
/// and what it might still have given away stays with the old one. What is refused has changed
/// nothing.
std::optional<requests::Refusal> relocateWithPlaces(const Work& work,
                                                    Organization& organization,
                                                    std::string_view delegation_id,
                                                    std::string_view sub_delegation_id,
                                                    const Edition& edition);

/// How much the node may give away from now on; the node above gives the difference. Nothing when
/// it is set. `node` exists.
std::optional<requests::Refusal> giveQuota(const Work& work,
                                           const QuotaNode& node,
                                           const Category& category,
                                           std::int64_t total,
                                           const Edition& edition);

/// Whose quota the node's is a part of; nothing of the edition, which is the root.
std::optional<QuotaNode>
nodeAbove(const hub::Snapshot& snapshot, const std::string& edition, const QuotaNode& node);

} // namespace registration
