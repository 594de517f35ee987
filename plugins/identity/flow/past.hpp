// The link from a new organization to the one of a past edition that it was proven to be.
#pragma once

#include "flow/work.hpp"

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace identity {

/// How long one may fill in the form after the proof.
inline constexpr std::int64_t kPastVerificationMs = std::int64_t{60} * 60'000;

/// How the edition lets a past registration be proven: "password", "sms" and "mail".
std::vector<std::string_view> pastWaysOf(const EditionRules& rules);
/// What is said to whoever tries another way.
std::optional<Refusal> checkPastWay(const EditionRules& rules, std::string_view way);

/// `shown` is {"id", "token"} of a body; it counts for one registration.
std::variant<PastVerification, Refusal> checkPast(const Work& work, const Json& shown);

} // namespace identity
