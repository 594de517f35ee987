// PluginCommands: commands that plugins bring along (sdk/ABI.md section 7), asked of a running
// plugin, or of one that is loaded on the closed store.
#pragma once

#include "app/cli/protocol.hpp"
#include "config/settings.hpp"
#include "journal/runner.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/request_files.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::app {

struct FoundCommand {
    const plugin::Package& package;
    const plugin::Command& command;
};

/// Nothing when no enabled plugin has a command of these words.
std::optional<FoundCommand> findCommand(const plugin::Catalogue& catalogue,
                                        const cli::AdminRequest& request);

/// The file that came with it; null for a command that takes none.
Result<plugin::FileBytes> fileOf(const FoundCommand& found, const cli::AdminRequest& request);

journal::Envelope commandEnvelope(const FoundCommand& found,
                                  const cli::AdminRequest& request,
                                  const std::string& edition,
                                  std::int64_t now_ms,
                                  const plugin::FileBytes& file = nullptr);

/// Without a running hub: opens the store to read only, loads the plugins in this process, asks.
cli::AdminReply runOnClosedStore(const config::Settings& settings,
                                 const cli::AdminRequest& request);

} // namespace hub::app
