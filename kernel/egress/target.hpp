// Where a request may go: the check of URL, method and headers against an allow-list, and of the
// address that a name resolved to. Pure functions.
#pragma once

#include "egress/exchanger.hpp"

#include <hub/result.hpp>

#include <string>

struct sockaddr;

namespace hub::egress {

struct Target {
    std::string host;
    std::string origin; // host:port
    std::string path;   // as written, without the query
    std::string query;
    /// Named as host:port by the operator: may be a private address.
    bool exact = false;
};

/// HUB_REJECTED with a sentence when the request is not allowed. Compares the text as it is
/// written: what a reader of URLs could take for the same host in another spelling is refused.
Result<Target> checkRequest(const AllowList& allow, const Request& request);

/// False for every range that is not of the public Internet: loopback, private, link-local,
/// shared, documentation, multicast, mapped and tunneled addresses, and what is no IP address.
bool isPublicAddress(const sockaddr& address) noexcept;

} // namespace hub::egress
