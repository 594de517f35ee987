// The public register as the provider sees it: organizations by their code. It begins as the
// settings say; what tests and demonstrations change lasts until the end of the process.
#pragma once

#include "core/json.hpp"

#include <hub/result.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::licence {

struct Entry {
    std::string code;
    std::string name;
    bool is_revoked = false;
};

/// "registered" or "revoked"; false for another word.
bool readState(std::string_view word, Entry& entry);

/// Thread-safe.
class Register {
public:
    Register(const std::vector<Entry>& entries, bool is_available);

    /// As an answer states it: found, not_found, revoked or unavailable, with the name that stands
    /// there.
    Json look(const std::string& code) const;
    /// {"available": bool} or {"code", "name", "state"}; state "removed" takes the entry out.
    Result<void> change(const Json& body);

private:
    mutable std::mutex guard_;
    std::map<std::string, Entry> entries_;
    bool is_available_;
};

} // namespace hub::simulator::licence
