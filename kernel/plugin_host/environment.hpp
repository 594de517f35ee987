// What the hub tells a host process at its start. Never by command line: other users could read
// the token there.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hub::plugin_host {

struct Environment {
    std::string endpoint;
    std::string token;
    std::filesystem::path library;  // absolute
    std::filesystem::path manifest; // absolute
    std::uint32_t uid = 0;          // who to become when started by root; 0: not named
    bool confined = true;           // false: for debuggers, in a demonstration only
    bool may_lack_landlock = false;
    bool may_lack_namespaces = false;
};

/// Takes the HUB_HOST_ variables (sdk/PROTOCOL.md) out of the environment, and wipes the token
/// where it was. Call while single-threaded. The error says what is missing or wrong.
Result<Environment> takeEnvironment();

/// What a manifest says that the host itself needs.
struct ManifestFacts {
    std::string id;
    std::string version;
    std::string sha256;
    std::vector<std::string> extensions;
    unsigned concurrency_max = 1;
};

/// `source` names the manifest in errors.
Result<ManifestFacts> parseManifest(const std::string& source, std::string_view json);
Result<ManifestFacts> readManifest(const std::filesystem::path& path);

} // namespace hub::plugin_host
