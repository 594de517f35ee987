// What the hub tells a host process at its start. Never by command line: other users could read
// the token there.
#pragma once

#include <hub/result.hpp>

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
};

/// Takes HUB_HOST_ENDPOINT, HUB_HOST_TOKEN, HUB_HOST_LIBRARY and HUB_HOST_MANIFEST out of the
/// environment. Call while single-threaded. The error says what is missing.
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
