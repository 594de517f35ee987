// SecretCommands: `secret put|list|retire`, the same with a running hub and without.
#pragma once

#include "app/cli/protocol.hpp"
#include "security/secrets.hpp"

namespace hub::app {

cli::AdminReply putSecret(security::Secrets& secrets, const cli::AdminRequest& request);
cli::AdminReply listSecrets(const security::Secrets& secrets);
cli::AdminReply retireSecret(security::Secrets& secrets, const cli::AdminRequest& request);

} // namespace hub::app
