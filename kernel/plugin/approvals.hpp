// Approvals: which libraries an operator's hub has judged by the conformance suite, and found to
// keep every rule. An approval holds for one build of the library and one text of its contracts.
#pragma once

#include "base/json.hpp"
#include "plugin/manifest.hpp"
#include "security/secrets.hpp"

#include <hub/result.hpp>

#include <filesystem>
#include <string>

namespace hub::plugin {

/// Thread-safe for different libraries.
class Approvals {
public:
    /// `key` seals approvals with an HMAC: who checks them is the hub that made them, so a public
    /// key would convince nobody else.
    Approvals(std::filesystem::path folder,
              std::filesystem::path contracts_folder,
              security::SecretBytes key);

    /// `report` is that of expohub-conform (sdk/conformance/README.md). HUB_REJECTED: a rule is
    /// broken, or it is another library's. Replaces an older approval, durably.
    Result<void> approve(const Manifest& manifest,
                         const base::Json& report,
                         const std::string& actor,
                         std::int64_t now_ms) const;

    /// Why the library must not be loaded, with the remedy; empty when it is approved.
    std::string findObjection(const Manifest& manifest) const;

private:
    std::filesystem::path fileOf(const std::string& library) const;
    std::string seal(const base::Json& approval) const;
    std::string findMismatch(const Manifest& manifest, const base::Json& report) const;

    std::filesystem::path folder_;
    std::filesystem::path contracts_folder_;
    security::SecretBytes key_;
};

} // namespace hub::plugin
