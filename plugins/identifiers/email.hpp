// E-mail addresses as people have them: a dot-atom, @, a host name with a dot (RFC 5321, RFC 1123).
// Quoted names, comments, address literals and letters beyond ASCII are refused.
#pragma once

#include "finding.hpp"

#include <string>
#include <string_view>

namespace identifiers {

/// The value keeps the case before the @, which a server may heed, and has the host in lower case.
Checked checkEmail(std::string_view text);

/// Equal keys are taken for one mailbox: all in lower case. Empty when the text is no address.
std::string emailKey(std::string_view text);

} // namespace identifiers
