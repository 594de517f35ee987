// Approval of libraries: production loads a library in a process of its own only when this hub has
// judged it by the conformance suite.
#pragma once

#include "config/settings.hpp"
#include "plugin/approvals.hpp"
#include "plugin/catalogue.hpp"
#include "security/secrets.hpp"

#include <hub/result.hpp>

#include <string>
#include <vector>

namespace hub::app {

/// In the folder "approvals" of the store's, sealed with a key that the hub makes for itself.
plugin::Approvals approvals(const config::Settings& settings, security::Secrets& secrets);

/// What a catalogue that libraries are loaded from is read with.
plugin::CatalogueSettings catalogueSettings(const config::Settings& settings,
                                            security::Secrets& secrets);

/// A sentence for each enabled library that production would not load for want of an approval.
/// None in profile demo. Only reads; throws base::Failure when a key is there and unusable.
std::vector<std::string> missingApprovals(const config::Settings& settings);

/// The manifest of an installed library, also of one that the catalogue refuses.
Result<plugin::Manifest> installedManifest(const config::Settings& settings,
                                           const std::string& library);

/// Runs expohub-conform, which lies beside the program of plugin_host.path, as a process; the
/// library meets the sandbox that it will live in. Takes some ten seconds. The report, or why there
/// is none.
Result<base::Json> runConformance(const config::Settings& settings,
                                  const plugin::Manifest& manifest);

} // namespace hub::app
