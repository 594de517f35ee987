// What the provider lets no variable hold. Checked before anything is sent, because the operators
// block such a text later and say so with misleading codes.
#pragma once

#include <string_view>

namespace aliyun {

/// True for what looks like an address of the web or an IPv4 address. Stricter than the provider
/// where its rule is not written down.
bool holdsAddress(std::string_view text);

} // namespace aliyun
