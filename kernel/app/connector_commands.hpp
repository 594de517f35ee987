// The command that a partner starts with: a copy of the SDK's template of a connector under a name
// of its own. Needs no hub and no settings.
#pragma once

#include "app/cli/protocol.hpp"

#include <filesystem>
#include <string>

namespace hub::app {

/// The folder of the templates, seen from a program that lies in an installed SDK's `bin` or in a
/// build inside of the hub's tree. Empty when neither is so.
std::filesystem::path findTemplates(const std::filesystem::path& program);

struct NewConnector {
    std::string id;
    std::filesystem::path folder; // is made; must not be there
    std::string contract;         // empty: the one that the only template implements
};

/// Copies the template with its id, and what is spelled from it, replaced by the new one. All or
/// nothing. HUB_BAD_REQUEST: a sentence with the remedy.
Result<void> makeConnector(const std::filesystem::path& templates, const NewConnector& wanted);

cli::AdminReply connectorNew(const cli::AdminRequest& request);

} // namespace hub::app
