// What the store's own parts ask of a connection beyond the public interface, and what the two
// kinds of connection share.
#pragma once

#include "store/connection.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace hub::store {

/// The libraries that have tables in this store. Their names partition the table names: none is
/// the beginning of another's tables. Thread-safe.
class Libraries {
public:
    /// Throws base::Failure when the name is unfit or its tables would overlap another's.
    void add(const std::string& library);
    bool contains(const std::string& library) const;

    /// Views of others, by their whole names in lower case.
    void letRead(const std::string& library, const std::string& view);
    void withdrawViews();
    std::set<std::string> viewsFor(const std::string& library) const;

private:
    mutable std::mutex mutex_;
    std::set<std::string> names_;
    std::map<std::string, std::set<std::string>> views_;
};

enum class Access { Write, Read };

/// A statement of a library that takes longer is interrupted: it would hold up everybody.
inline constexpr std::chrono::milliseconds kLibraryStatementMax{1000};

class StoreConnection : public Connection {
public:
    /// Runs a migration step of a library, which may define and fill its own tables only.
    virtual void executeAsOwner(const std::string& library, std::string_view sql) = 0;
    /// Opens the session anew; all statements are gone. Throws StoreFailure.
    virtual void reopen() = 0;
    /// Begins a read-only transaction whose snapshot is of this moment.
    virtual void beginSnapshot() = 0;
};

/// Refuses text that the two back ends would not keep alike: a NUL byte or what is not UTF-8.
void checkText(int parameter, std::string_view value);

/// Refuses what a library may not prepare; the kernel's own role passes.
void checkRole(const Role& role, const Libraries& libraries, Access access, std::string_view sql);

} // namespace hub::store
