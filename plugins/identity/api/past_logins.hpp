// Log-ins of past editions, imported by an operator: archived, they let nobody in, and prove who
// was here before by a code to the phone or mailbox.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

#include <string>
#include <string_view>

namespace identity {

/// `expohub import logins EDITION [dry-run] --file F`: all of a file or nothing, in one unit.
hub::Answer importPastLogins(const Work& work, const hub::Event& event);
/// Its task: {"blob", "edition"} → {"errors", "logins"}.
hub::Answer readPastLogins(const hub::Host& host, const hub::Event& event);

/// As registration's import names the organization of a social credit code.
std::string pastOrganizationId(std::string_view edition, std::string_view social_credit_code);

} // namespace identity
