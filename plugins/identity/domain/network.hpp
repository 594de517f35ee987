// Where a request comes from, as far as one subscriber can change it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace identity {

/// An IPv4 address, or the first 64 bits of an IPv6 address: whoever has one of those has them all.
/// Other texts stay as they are.
std::string networkOf(const std::string& address);

} // namespace identity
