// Sealer: AES-256-GCM under a key that the hub keeps for itself, for bytes at rest. What is sealed
// names the version of its key, so that the key may change; `place` is authenticated with it, so
// that sealed bytes open nowhere else. Thread-safe.
#pragma once

#include "security/secrets.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace hub::security {

class Sealer {
public:
    /// Uses the secret's newest version, and makes the first one. Throws base::Failure when it
    /// can't be read or made.
    Sealer(Secrets& secrets, std::string name);

    std::string seal(std::string_view place, std::string_view plain) const;
    /// HUB_REJECTED: not sealed for this place · HUB_NOT_FOUND: the key's version is gone.
    Result<std::string> open(std::string_view place, std::string_view sealed) const;

private:
    Result<std::shared_ptr<const SecretBytes>> keyOf(std::uint32_t version) const;

    Secrets& secrets_;
    std::string name_;
    std::uint32_t newest_ = 0;
    mutable std::mutex mutex_;
    mutable std::map<std::uint32_t, std::shared_ptr<const SecretBytes>> keys_;
};

} // namespace hub::security
