// Consents of persons. What is sensitive of a person, its document and its photo, is taken when
// that person has agreed to it separately (D-09): the contact asks, and sends along which version
// of the text was agreed to.
#pragma once

#include "domain/person_remarks.hpp"
#include "flow/consents.hpp"
#include "flow/work.hpp"

#include <string_view>

namespace registration {

/// What the contact asks a person for, with the text: [{"kind", "required", "version", "address"}].
Json askedConsents(const hub::Snapshot& snapshot, const Edition& edition);

/// `consents` names the versions, {"sensitive": "1"}: refused while the required one is missing, or
/// when a text has changed since.
std::optional<requests::Refusal>
refuseWithoutConsent(const hub::Snapshot& snapshot, const Edition& edition, const Json& consents);
void keepConsents(const Work& work,
                  const Edition& edition,
                  std::string_view person_id,
                  const Json& consents);

/// Of a person who is there: none was given, it was withdrawn, or the text has changed since.
std::optional<PersonRemark>
missingConsent(const hub::Snapshot& snapshot, std::string_view person_id, const Edition& edition);
/// The same, where something more of the person would be taken.
std::optional<requests::Refusal> refuseUnconsented(const hub::Snapshot& snapshot,
                                                   std::string_view person_id,
                                                   const Edition& edition);

} // namespace registration
