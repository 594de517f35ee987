// What WeChat Pay signs with: platform certificates, of which several are valid at once and a new
// one comes now and then; and the sealing of content with a merchant's APIv3 key.
#pragma once

#include "core/crypto.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::wechat {

struct PlatformKey {
    std::string serial; ///< upper-case hex
    std::string certificate_pem;
    std::shared_ptr<EVP_PKEY> private_key;
    std::int64_t from_ms = 0;
    std::int64_t until_ms = 0;
};

/// Thread-safe.
class PlatformKeys {
public:
    /// Reads all that the folder holds. Throws std::runtime_error when it holds none.
    explicit PlatformKeys(std::filesystem::path folder);

    /// Makes the first one in the folder if there is none.
    static void ensure(const std::filesystem::path& folder);

    /// The latest, which signs.
    PlatformKey current() const;
    /// The one of that serial number, or the latest.
    PlatformKey find(std::string_view serial) const;
    std::vector<PlatformKey> all() const;
    /// Makes another one, which signs from now on; the others stay valid. Kept over restarts.
    PlatformKey rotate();

private:
    const std::filesystem::path folder_;
    mutable std::mutex guard_;
    std::vector<PlatformKey> keys_;
};

/// base64 of AES-256-GCM's ciphertext with its tag. `nonce` has 12 bytes, `key` 32.
std::string seal(std::string_view key,
                 std::string_view nonce,
                 std::string_view associated_data,
                 std::string_view text);

/// Lower-case hex.
std::string sha1Of(std::string_view bytes);

std::string gzip(std::string_view bytes);

} // namespace hub::simulator::wechat
