// Where a stream may go: the check of "host:port" and security against an allow-list. Pure. The
// address that the name resolves to is checked by target.hpp when it is connected.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hub::egress {

/// All are "host:port", compared as they are written.
struct StreamAllowList {
    std::vector<std::string> hosts; // of the manifest
    std::vector<std::string> exact; // of the account, named by the operator
    /// `exact` may be private and loopback addresses: profile demo.
    bool exact_may_be_private = false;
    bool plain = false;
    bool tls = false;
};

struct StreamTarget {
    std::string origin; // host:port
    std::string host;   // without brackets
    std::string port;
    bool may_be_private = false;
};

/// HUB_REJECTED with a sentence when it is not allowed.
Result<StreamTarget> checkStream(const StreamAllowList& allow, std::string_view address, bool tls);

} // namespace hub::egress
