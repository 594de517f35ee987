// Consents: what an organization's contact or a person agreed to, in which version (D-09).
#pragma once

#include "domain/edition.hpp"

#include <hub/plugin.hpp>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <requests/answers.hpp>

namespace registration {

inline constexpr std::string_view kSensitive = "sensitive"; // documents and photos
/// What a contact agrees to for the organization, and each person for itself.
inline constexpr std::array<std::string_view, 4> kContactConsents = {
    "privacy", kSensitive, "exhibitors", "abroad"};
inline constexpr std::array<std::string_view, 3> kPersonConsents = {
    kSensitive, "exhibitors", "abroad"};
using ConsentKinds = std::span<const std::string_view>;

/// 404 when it is none of them, naming them.
std::optional<requests::Refusal> refuseKind(ConsentKinds kinds, std::string_view kind);

/// Given by the subject, an organization's or a person's id, not withdrawn, and to the present
/// version where the organizer has put one.
bool hasConsent(const hub::Snapshot& snapshot,
                std::string_view subject,
                std::string_view kind,
                const Edition& edition);

/// The text has another version than the one that was agreed to.
std::optional<requests::Refusal> refuseVersion(const hub::Snapshot& snapshot,
                                               const Edition& edition,
                                               std::string_view kind,
                                               std::string_view version);

/// What a consent to this version is kept as: '' while the organizer has put no text, whatever was
/// sent, since nobody has read one; so the first text is asked for anew.
std::string keptVersion(const hub::Snapshot& snapshot,
                        const Edition& edition,
                        std::string_view kind,
                        std::string_view version);

/// {"consents": what was ever given, "holds": by kind}
requests::Json shownConsents(const hub::Snapshot& snapshot,
                             std::string_view subject,
                             ConsentKinds kinds,
                             const Edition& edition);

} // namespace registration
