// What an account is looked up by, however somebody types it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace identity {

/// Without spaces and dashes, in capitals; staff have their mail address, in which a dash is none
/// to drop.
std::string accountKey(std::string_view typed);

} // namespace identity
