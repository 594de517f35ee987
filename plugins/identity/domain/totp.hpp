// Codes of authenticators: RFC 6238 with SHA-1, steps of 30 seconds and six digits, which all of
// them understand. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace identity {

inline constexpr std::size_t kTotpSecretBytes = 20;

std::string totpCode(std::string_view secret, std::int64_t step);

/// The step whose code this is, of the present one and its neighbors (clocks differ); nothing for a
/// wrong code and for one of a step up to `last_step`: a code that was seen counts once.
std::optional<std::int64_t> totpStep(std::string_view secret,
                                     std::string_view code,
                                     std::int64_t now_ms,
                                     std::int64_t last_step);

/// What an authenticator reads from a picture.
std::string totpAddress(std::string_view secret, std::string_view issuer, std::string_view account);

} // namespace identity
