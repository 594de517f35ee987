#include "store/store_connection.hpp"

#include "base/encoding.hpp"
#include "store/sql_text.hpp"

#include <algorithm>

namespace hub::store {

namespace {

bool isLibraryName(const std::string& name)
{
    constexpr std::size_t kNameMax = 40;
    return !name.empty() && name.size() <= kNameMax && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

} // namespace

void Libraries::add(const std::string& library)
{
    const std::string prefix = library + "_";
    if (!isLibraryName(library)) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "library \"{}\": a name that owns tables must be 1 to 40 of a-z, 0-9 "
                            "and _, beginning with a letter",
                            library);
    }
    for (const char* reserved : {"hub_", "pg_", "sqlite_", "pragma_", "lo_", "dblink_"}) {
        if (prefix.starts_with(reserved)) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "library \"{}\": tables {}… are reserved; give it another name",
                                library,
                                reserved);
        }
    }
    const std::lock_guard lock(mutex_);
    for (const std::string& other : names_) {
        if (other != library && (other.starts_with(prefix) || library.starts_with(other + "_"))) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "library \"{}\": its tables {}… overlap those of library \"{}\"; "
                                "one of the two needs another name",
                                library,
                                prefix,
                                other);
        }
    }
    names_.insert(library);
}

bool Libraries::contains(const std::string& library) const
{
    const std::lock_guard lock(mutex_);
    return names_.contains(library);
}

void Libraries::letRead(const std::string& library, const std::string& view)
{
    const std::lock_guard lock(mutex_);
    views_[library].insert(toLower(view));
}

void Libraries::withdrawViews()
{
    const std::lock_guard lock(mutex_);
    views_.clear();
}

std::set<std::string> Libraries::viewsFor(const std::string& library) const
{
    const std::lock_guard lock(mutex_);
    const auto found = views_.find(library);
    return found == views_.end() ? std::set<std::string>{} : found->second;
}

void checkText(int parameter, std::string_view value)
{
    const std::size_t nul = value.find('\0');
    if (nul != std::string_view::npos) {
        throw StoreFailure(Trouble::Statement,
                           fmt::format("parameter {}: the text has a NUL byte at {}; bind raw "
                                       "bytes as a blob",
                                       parameter,
                                       nul));
    }
    if (!base::isUtf8(value)) {
        throw StoreFailure(
            Trouble::Statement,
            fmt::format("parameter {}: the text is not UTF-8; bind raw bytes as a blob",
                        parameter));
    }
}

void checkRole(const Role& role, const Libraries& libraries, Access access, std::string_view sql)
{
    if (role.library.empty()) {
        return;
    }
    if (!libraries.contains(role.library)) {
        throw StoreFailure(Trouble::Denied,
                           fmt::format("library \"{}\" has no tables in this store; give it a "
                                       "migrations folder",
                                       role.library));
    }
    checkLibraryStatement(sql, role.library, role.read_only || access == Access::Read);
    checkViewsNotShadowed(sql, role.library, libraries.viewsFor(role.library));
}

} // namespace hub::store
