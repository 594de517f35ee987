// Loader: brings one library into this process through the gates of sdk/ABI.md, section 2. Reads
// the file once: the bytes that were hashed and checked are the bytes that are loaded.
#pragma once

#include <hub/plugin.h>
#include <hub/result.hpp>

#include <filesystem>
#include <string>

namespace hub::plugin {

/// What the manifest says about the library.
struct LibraryFile {
    std::filesystem::path path;
    std::string sha256; // 64 lower-case hex digits
    std::string id;
    std::string version;
};

enum class DigestRule {
    Required,
    /// For a build tree and tests: an empty `sha256` is accepted, a wrong one never.
    Optional
};

struct LoadedLibrary {
    /// A copy: what the library was built too early for is NULL. `id` and `version` point into
    /// the library, which is never unmapped.
    hub_plugin_api api = {};
    std::string sha256;
};

/// [control] The error is one sentence: which file, what, what to do. Runs the library's static
/// constructors and its entry point, nothing else. Never unloads.
Result<LoadedLibrary> load(const LibraryFile& file, DigestRule rule = DigestRule::Required);

} // namespace hub::plugin
