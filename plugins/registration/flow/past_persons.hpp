// Persons of past editions: whom an organization may bring into this one, whether their badges can
// be used again, and the new drafts that begin with their data.
#pragma once

#include "domain/badge_face.hpp"
#include "flow/person_subjects.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace registration {

struct PastPerson {
    Person person;
    Organization organization;
};

/// What this organization was in past editions, the latest first: none for who is new.
std::vector<Organization> pastOrganizations(const ReadRows& rows, const Organization& organization);

/// Nothing for who was never of this organization, or was erased.
std::optional<PastPerson> pastPersonOf(const ReadRows& rows,
                                       const Organization& organization,
                                       std::string_view past_person_id);

/// An organization that did not come in as a past one.
std::optional<requests::Refusal> refuseNewcomer(const PersonSubject& subject);

/// What its reuse costs, and a new badge.
struct BadgeAmounts {
    std::int64_t reused_minor = 0;
    std::int64_t new_minor = 0;
};
BadgeAmounts amountsOf(const Person& past, const Edition& edition);

/// The question before badges are used again, with the fee as an amount.
requests::Words reusePrompt(const BadgeAmounts& amounts);

/// A draft with the past person's data and photo; of a reused badge with its face. What is refused
/// has changed nothing.
std::variant<Person, requests::Refusal>
bringPerson(const Work& work, const PersonSubject& subject, const PastPerson& past, bool reuses);

} // namespace registration
