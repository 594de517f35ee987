// Manifest: what a backup holds, sealed with a key that is derived from the hub's master key, and
// a value under that key that tells another master key from a changed manifest.
#pragma once

#include "base/json.hpp"
#include "security/secrets.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hub::backup {

inline constexpr const char* kManifestFile = "manifest.json";

struct File {
    std::string path; // relative, with '/'
    std::uint64_t bytes = 0;
    std::string sha256; // hex
};

/// What a folder is a backup of. The two are kept apart, because they are kept for other times.
enum class Kind { Store, Persons };

struct Manifest {
    Kind kind = Kind::Store;
    std::string program; // version
    std::string store_id;
    std::int64_t epoch = 0;
    std::string backend; // "sqlite", "postgresql"; empty for persons
    std::string schema;  // of PostgreSQL
    std::int64_t created_ms = 0;
    std::int64_t last_seq = 0;
    std::map<std::string, std::int64_t> counts;
    std::map<std::string, std::int64_t> migrations; // library -> newest step
    std::vector<File> files;
};

/// The text of the file.
std::string sealManifest(const Manifest& manifest, const security::SecretBytes& master_key);

/// Reads and checks it. Throws base::Failure with the remedy: there is none, it is of another
/// kind or version, it needs another master key, it was changed.
Manifest openManifest(const std::filesystem::path& folder,
                      Kind kind,
                      const security::SecretBytes& master_key);

/// Throws base::Failure naming the first file that is missing or differs.
void checkFiles(const std::filesystem::path& folder, const Manifest& manifest);

} // namespace hub::backup
