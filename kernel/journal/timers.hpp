// Timers: rows (owner, kind, key) with a due time. Firing deletes the row and appends an ordinary
// event for the owner alone, in one unit.
#pragma once

#include "journal/event_log.hpp"
#include "journal/group.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hub::journal {

/// Type of the event that a fired timer becomes; its payload is {"kind", "payload"}.
inline constexpr const char* kTimerEvent = "hub.timer";

struct Timer {
    std::string owner;
    std::string kind;
    std::string key;
    std::int64_t due_ms = 0;
    std::string edition;
    std::string trace;
    std::string payload; // JSON
};

class Timers {
public:
    static void set(Group& group, const Timer& timer);
    static bool
    cancel(Group& group, const std::string& owner, const std::string& kind, const std::string& key);
    /// When the next one is due.
    static std::optional<std::int64_t> nextDue(store::Connection& connection);
    /// Fires up to `limit` that are due; returns how many.
    static std::size_t fire(Group& group, EventLog& log, std::size_t limit);
};

} // namespace hub::journal
