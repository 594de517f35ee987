// Drafts of persons: what keeps a form from being saved, and all that is kept with it: the key by
// which its document is found again, what lists show, what people search by.
#pragma once

#include "domain/person_checks.hpp"
#include "flow/person_subjects.hpp"

#include <optional>

namespace registration {

std::string todayOf(const hub::Snapshot& snapshot);

/// Of the organization, saved, and not yet in any table.
Person newPerson(const Work& work, const Organization& organization, identifiers::PersonKind kind);

/// What is to be said of the person as it stands.
PersonReview reviewOf(const hub::Snapshot& snapshot, const Person& person, const Edition& edition);

/// Fills the form in, or says why it can't be saved: a choice that does not exist, a document that
/// another application of the edition uses (C-09), in an edition without drafts anything missing.
std::optional<requests::Refusal>
fillDraft(const Work& work, Person& person, const Json& form, const Edition& edition);

/// Somebody uses the document already. Who, nobody is told, not even whether it is one's own.
std::optional<requests::Refusal> refuseTakenDocument(const Work& work, const Person& person);

/// A form that would change the face of a reused badge: with `agrees` the person gets a new badge
/// (C-03), without the refusal says what would change and what it costs. Others: nothing.
std::optional<requests::Refusal>
settleReuse(const Work& work, const PersonSubject& subject, Person& person, bool agrees);

/// A new person, with all that is kept with it.
void addDraft(const Work& work, const Person& person, std::string_view event);
/// The changed person, the same way.
void keepDraft(const Work& work, Person& person, const Edition& edition);
/// A draft is gone without a trace, its key included. Refused for who was submitted.
std::optional<requests::Refusal> removeDraft(const Work& work, const Person& person);

} // namespace registration
