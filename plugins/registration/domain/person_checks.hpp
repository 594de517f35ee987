// What people typed into a person's form: taken over in one way of writing it, and judged against
// the edition. A draft is kept whatever is missing or mistyped; the submission is not.
#pragma once

#include "domain/person_forms.hpp"
#include "domain/person_remarks.hpp"
#include "domain/records.hpp"

#include <string>

namespace registration {

struct PersonReview {
    PersonRemarks problems; // none of them may be left when the person is submitted
    PersonRemarks warnings; // to be looked at again; they never refuse
};

/// What only the caller knows.
struct ReviewFacts {
    std::string today; // in Shanghai, "2026-11-23"
    bool has_address = false;
};

/// The form as a client puts it: what the edition offers and is not empty.
Json formOf(const Person& person, const Edition& edition);

/// Replaces the form, written in one way. What is answered keeps it from being saved: a member that
/// is not offered, or a choice that does not exist.
PersonRemarks
fillForm(Person& person, const Json& form, const Edition& edition, const std::string& today);

PersonReview reviewPerson(const Person& person, const Edition& edition, const ReviewFacts& facts);

} // namespace registration
