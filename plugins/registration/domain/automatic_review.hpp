// Who passes without a person's review, by the edition's rule (C-04), and why somebody did not.
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"

#include <string>
#include <string_view>

namespace registration {

/// "passed", or why a person reviews: "no_automatic_review", "class_is_reviewed",
/// "new_organization" or "licence_not_verified".
std::string judgeAutomatically(const Edition& edition, const Organization& organization);

inline constexpr std::string_view kPassed = "passed";

/// What the clerk and the contact read of the judgement; empty for another text.
Words wordsOfJudgement(std::string_view judgement);

} // namespace registration
