// Audit: the chained log of who did what. Each row's MAC covers the row and the MAC before it;
// the head is written hourly to an anchor file outside the database, so that cutting the tail
// off shows, too.
#pragma once

#include "security/secrets.hpp"
#include "store/connection.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

struct AuditEntry {
    std::string actor;  // "key:<id>", "os:<user>", "library:<id>", "hub"
    std::string action; // "callback.refused", "plugin.disabled", …
    std::string subject;
    std::string detail; // masked
    std::string trace;
    std::int64_t time_ms = 0;
};

struct AuditVerdict {
    std::int64_t rows = 0;
    /// The first row whose MAC, number or anchor does not fit, and why.
    std::optional<std::int64_t> broken_at;
    std::string reason;
};

/// Belongs to the lane's thread, but for verify().
class Audit {
public:
    Audit(SecretBytes key, std::filesystem::path anchor_file);

    /// Inside the lane's transaction. Call forget() when that transaction is rolled back.
    void append(store::Connection& connection, const AuditEntry& entry);
    /// The head in memory is read again from the store at the next append.
    void forget() noexcept;
    /// Writes number and MAC of the last row to the anchor file, durably.
    void anchor(store::Connection& connection, std::int64_t now_ms);

    /// The newest first; of one action, or of all when it is empty. Does not verify.
    static std::vector<AuditEntry>
    newest(store::Connection& connection, std::string_view action, std::size_t limit);

    static AuditVerdict verify(store::Connection& connection,
                               const SecretBytes& key,
                               const std::filesystem::path& anchor_file);

private:
    SecretBytes key_;
    std::filesystem::path anchor_file_;
    std::int64_t last_number_ = -1; // -1: not known
    std::string last_mac_;
};

} // namespace hub::security
