// PersonKeys: a key for each person, in a file of its own beside the store, wrapped under the hub's
// own key. Destroying a person's key makes everything sealed with it unreadable, also in backups of
// the store. What was destroyed is remembered, here and in a list outside the database, so that no
// restore brings a person back.
#pragma once

#include "security/sealer.hpp"
#include "store/connection.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hub::security {

/// Thread-safe. Texts of persons are ids; a `place` names table and column.
class PersonKeys {
public:
    /// `file` is a database of its own (store::openSideFile), `list_file` the list of erasures, one
    /// line each. Throws base::Failure.
    PersonKeys(std::unique_ptr<store::Connection> file,
               std::filesystem::path list_file,
               Secrets& secrets,
               SecretBytes index_key);

    /// Makes the person's key when there is none; it is durable after the next flush(), which
    /// therefore comes before the commit of what was sealed. HUB_REJECTED: the person was erased.
    Result<std::string>
    seal(std::string_view person, std::string_view place, std::string_view plain);
    /// HUB_NOT_FOUND: erased, or never known · HUB_REJECTED: not sealed for this person and place.
    Result<std::string>
    open(std::string_view person, std::string_view place, std::string_view sealed) const;
    /// 32 bytes: the same for the same place and value.
    std::string blindIndex(std::string_view place, std::string_view normalized) const;

    /// Makes new keys durable. Throws store::StoreFailure; then none of them is there.
    void flush();
    /// Durable on return, the bytes of the key are overwritten. Throws store::StoreFailure.
    void destroy(const std::string& person, std::int64_t now_ms);
    bool isErased(std::string_view person) const;
    /// Everybody of `erasures.log` whose key is there after all, as after a restore. Call at start.
    void repeatErasures(std::int64_t now_ms);

private:
    Result<std::string> keyOf(std::string_view person) const;
    Result<std::string> makeKey(std::string_view person);
    bool isErasedLocked(std::string_view person) const;
    void remember(const std::string& person, std::int64_t now_ms) const;

    std::filesystem::path list_file_;
    Sealer wrapping_;
    SecretBytes index_key_;
    std::unique_ptr<store::Connection> file_;
    mutable std::mutex mutex_;
    bool pending_ = false; // a transaction with new keys is open
};

} // namespace hub::security
