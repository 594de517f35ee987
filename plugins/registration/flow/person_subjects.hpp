// What a request about persons is about: the organization of its path and the person, when they
// exist, are visible to who asks, and belong to an edition that has rules.
#pragma once

#include "flow/access.hpp"
#include "flow/work.hpp"

#include <optional>
#include <string_view>
#include <variant>

namespace registration {

struct PersonSubject {
    Organization organization;
    Edition edition;
    std::optional<Person> person; // of the path's person_id
};

/// Nothing when the edition is archived: it has no rules.
std::optional<Edition> rulesOf(const hub::Snapshot& snapshot, std::string_view edition);

std::variant<PersonSubject, requests::Refusal> personSubject(const hub::Snapshot& snapshot,
                                                             const hub::Event& event,
                                                             const requests::Request& request);

/// The organization's person with this id. Nothing also for somebody else's.
std::optional<Person>
personOf(const ReadRows& rows, const Organization& organization, std::string_view person_id);

requests::Refusal personNotFound();
/// The application of the organization is closed: disabled, or archived.
std::optional<requests::Refusal> refuseClosed(const Organization& organization);
/// An edition that adds no persons after the organization was submitted.
std::optional<requests::Refusal> refuseLateAddition(const PersonSubject& subject);
/// If-Match names another revision than the person's, or none (DESIGN 14.30).
std::optional<requests::Refusal>
refuseRevision(const requests::Request& request, const Person& person, const Edition& edition);

} // namespace registration
