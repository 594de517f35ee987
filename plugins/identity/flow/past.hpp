// The link from a new organization to the one of a past edition that it was proven to be.
#pragma once

#include "flow/work.hpp"

#include <variant>

namespace identity {

/// How long one may fill in the form after the proof.
inline constexpr std::int64_t kPastVerificationMs = std::int64_t{60} * 60'000;

/// `shown` is {"id", "token"} of a body; it counts for one registration.
std::variant<PastVerification, Refusal> checkPast(const Work& work, const Json& shown);

} // namespace identity
