// The face of a badge: what is printed on it. A badge is used again only while its face stays the
// same; what differs is named, field by field.
#pragma once

#include "domain/edition.hpp"
#include "domain/person_remarks.hpp"
#include "domain/records.hpp"

#include <string>
#include <vector>

namespace registration {

/// One field of the face, as it was and as it would be. Personal.
struct FaceField {
    std::string name; // as in the form, or "organization" and "delegation"
    Words title;
    std::string past;
    std::string now;

    bool isSame() const { return past == now; }
};

/// Name, organization, delegation, category, photo and admission period.
std::vector<FaceField> compareFaces(const Person& past,
                                    const Organization& past_organization,
                                    const Person& now,
                                    const Organization& organization);

bool isSameFace(const std::vector<FaceField>& face);
Json toJson(const std::vector<FaceField>& face);

/// Why a past badge can't be used again, whatever its new form says: none when it can be.
PersonRemarks reuseHindrances(const Person& past,
                              const Organization& past_organization,
                              const Organization& organization,
                              const Edition& edition);

/// Whether the review of its edition passed the person: in that state, or archived with it as the
/// reason.
bool hasPassed(const Person& past);

/// What the person pays, with the reuse's part of the fee.
std::int64_t amountFor(const Edition& edition,
                       const std::string& category,
                       const std::string& period,
                       bool reuses_badge);
/// "CNY 100.00".
std::string shownAmount(std::int64_t amount_minor);

} // namespace registration
