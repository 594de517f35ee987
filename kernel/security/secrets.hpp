// Secrets: files `<name>.<version>.secret` in one folder, each encrypted with AES-256-GCM under
// the master key; the name and version are authenticated with it. In a file's name '/' is '.';
// a retired version ends in `.retired`. `master.check` tells a wrong master key from a damaged
// file. Thread-safe, and safe beside another process that changes the same folder.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

/// Bytes that are wiped when they go. Movable, not copyable.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::string bytes);
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    std::string_view view() const noexcept { return bytes_; }

private:
    std::string bytes_;
};

/// 32 bytes. From the first that is there: $EXPOHUB_MASTER_KEY (hex), the systemd credential
/// `expohub-master-key`, the file of the setting (hex, must be 0600). Throws base::Failure that
/// names all three when none is.
SecretBytes loadMasterKey(const std::filesystem::path& file);
/// The same, but nullopt when none is there.
std::optional<SecretBytes> findMasterKey(const std::filesystem::path& file);
/// Makes such a file with a new key; refuses to overwrite.
void createMasterKey(const std::filesystem::path& file);
/// A key of 32 bytes for another purpose ("audit"), by HKDF-SHA256.
SecretBytes deriveKey(const SecretBytes& master_key, std::string_view purpose);

struct SecretVersion {
    std::uint32_t version = 0;
    bool retired = false;
};

class Secrets {
public:
    Secrets(std::filesystem::path folder, SecretBytes master_key);
    ~Secrets();

    /// Names are [a-z0-9_-] with '/' between parts. Stores a new version, durable on return.
    Result<std::uint32_t> put(std::string_view name, std::string_view bytes);
    /// The newest version that is not retired. HUB_NOT_FOUND; HUB_INTERNAL: wrong master key or
    /// damaged file, naming it.
    Result<SecretBytes> newest(std::string_view name) const;
    /// All that are not retired, newest first.
    Result<std::vector<SecretBytes>> usable(std::string_view name) const;
    /// One version, also a retired one.
    Result<SecretBytes> read(std::string_view name, std::uint32_t version) const;
    Result<void> retire(std::string_view name, std::uint32_t version);
    std::vector<std::string> names() const;
    /// Oldest first.
    std::vector<SecretVersion> versions(std::string_view name) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::security
