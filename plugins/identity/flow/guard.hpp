// Who may try to log in: guessing gets slower with every failure. After a few, a picture must be
// read first; after some more the account rests, or whatever comes from that network. All of it
// holds for accounts that do not exist, too: nobody learns which do.
#pragma once

#include "flow/work.hpp"

#include <optional>
#include <string_view>

namespace identity {

inline constexpr std::string_view kAccountTries = "account";
inline constexpr std::string_view kPastTries = "past";

/// Counts the try as failed, or answers why there is none now. `request.body` has "account" and
/// maybe "captcha".
std::optional<hub::Answer>
beginTry(const Work& work, const Request& request, std::string_view kind);

/// It succeeded: the account is as before its failures, the network as before this try.
void forgiveTry(const Work& work, const Request& request, std::string_view kind);

/// For who resets the password: the account rests no longer.
void forgiveAccount(const Work& work, const Request& request, std::string_view kind);

} // namespace identity
