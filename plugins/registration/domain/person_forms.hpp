// The form of a person as data: a field is a row, with the kinds of persons that it is offered to
// and required of. Whoever adds one writes a row, and a check when its value needs one.
#pragma once

#include "domain/edition.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <identifiers/document.hpp>

namespace registration {

/// The four kinds of persons, as the tables name them.
struct PersonKindName {
    identifiers::PersonKind kind;
    std::string_view name;
    std::string_view en;
    std::string_view zh;
};
/// Nothing for another word.
std::optional<identifiers::PersonKind> findPersonKind(std::string_view name);
std::string_view personKindName(identifiers::PersonKind kind);
/// With titles, to choose from.
Json personKinds();

/// Where a field's value goes: with the form, in a route of its own, or with the submission.
enum class FieldPlace { Form, Photo, Submission };

struct PersonField {
    std::string_view name;
    std::string_view en;
    std::string_view zh;
    std::string_view rule;
    std::string_view type; // "text", "choice", "day", "phone", "mail", "address", "photo", "tick"
    FieldPlace place;
    unsigned offered_to;  // a bit for each kind
    unsigned required_of; // to be submitted
};

/// What this edition asks of this kind of person.
std::vector<PersonField> personFieldsOf(identifiers::PersonKind kind, const Edition& edition);
/// Null when the field is not offered.
const PersonField* findField(const std::vector<PersonField>& fields, std::string_view name);
bool isRequiredOf(const PersonField& field, identifiers::PersonKind kind);

/// For a client that draws the form: titles, types, and what there is to choose.
Json toJson(const std::vector<PersonField>& fields,
            identifiers::PersonKind kind,
            const Edition& edition);

/// What an organization that chose none gets: the first category that is paid for.
const Category* payersCategory(const Edition& edition);

} // namespace registration
