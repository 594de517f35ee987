// Those who come to the portal: clerks of delegations by invitation, and contacts of organizations
// by a code to their phone. Each function returns somebody who is logged in.
#pragma once

#include "caller.hpp"
#include "registration_office.hpp"

#include <string>

namespace chaos {

/// Accepts the invitation and sets up an authenticator. Throws when one of the steps is refused.
Caller joinAsClerk(
    const Office& office, const Group& group, const std::string& mail, Server hub, Effort& effort);

/// What an organization's contact brings to open its account.
struct Newcomer {
    std::string social_credit_code;
    std::string phone;
    /// Where the code of a past registration goes; empty: here for the first time.
    std::string past_phone;
};

struct Contact {
    Caller caller;
    std::string organization_id;
};

/// Proves the phone, and the past registration by another phone, and opens the account; returns
/// when registration has begun its application. Throws when one of the steps is refused.
Contact registerOrganization(Server hub,
                             Server simulator,
                             const std::string& edition,
                             const Newcomer& newcomer,
                             Effort& effort);

} // namespace chaos
