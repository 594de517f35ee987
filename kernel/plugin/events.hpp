// Events: what a library publishes, described for its readers, from its events.json (sdk/ABI.md
// section 14). The hub lets no event pass that breaks its own description.
#pragma once

#include "base/json.hpp"
#include "config/schema.hpp"
#include "plugin/manifest.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::plugin {

struct EventSpec {
    std::string type;
    std::uint32_t version = 1;
    base::Json title; // {"en": …, "zh": …}
    std::string about;
    std::string key; // what the key holds, in a word: "payment_id"
    base::Json payload;
    base::Json examples;
    std::shared_ptr<const config::Schema> form; // `payload`, compiled
};

/// Empty when something is wrong; then `problems` has a sentence for each. What the manifest lists
/// and what is described must be the same.
std::optional<std::vector<EventSpec>> parseEvents(const base::Json& json,
                                                  const Manifest& manifest,
                                                  const std::string& name,
                                                  std::vector<std::string>& problems);

} // namespace hub::plugin
