// Pages: what an organization fills in, saved as drafts (DESIGN 14.30), and what of it the lists
// and the rules look at.
#pragma once

#include "domain/forms.hpp"
#include "flow/work.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace registration {

/// The page as it is stored; revision 0 and an empty document when it was never saved. A page that
/// was carried over from a past edition has revision 0, too, until somebody looked through it
///
Page pageOf(const hub::Snapshot& snapshot, std::string_view organization_id, std::string_view page);

/// Whether the page may be changed now: before it was submitted and when it was sent back;
/// contacts also later, since people leave (D-08).
bool mayChange(const Organization& organization, std::string_view page, const Edition& edition);

/// Name, code, delegation, referral code and purposes of a saved page "organization" become the
/// organization's. Refused when the delegation has no room for the places that its persons hold.
std::optional<requests::Refusal>
adopt(const Work& work, Organization& organization, const Json& document, const Edition& edition);

/// Everything that keeps the application from being submitted, of all pages. [{"rule", "page",
/// "pointer", "message"}]
Json unfinished(const hub::Snapshot& snapshot,
                const Organization& organization,
                const Edition& edition);

} // namespace registration
