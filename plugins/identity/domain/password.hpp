// Passwords at rest: scrypt (RFC 7914) with a salt each. Deriving takes a tenth of a second and
// 32 MiB on purpose: never on the lane.
#pragma once

#include <string>
#include <string_view>

namespace identity {

inline constexpr std::size_t kSaltBytes = 16;

/// "scrypt$<log2 N>$<r>$<p>$<salt>$<hash>", both in hex; `salt` is any text. Throws
/// std::runtime_error when there is not the memory to derive it.
std::string derivePassword(std::string_view password, std::string_view salt);

/// Takes as long for a record that is none, so that nobody learns from the time which accounts
/// there are.
bool matchesPassword(std::string_view password, std::string_view record);

} // namespace identity
