// Quarantine: what a restored store is in until an operator lets it out. The providers may know
// more than the store, so nothing that can't be repeated is sent, and what the backup had under
// way is unknown until it was asked about. The state is one row of hub_meta, written by the
// restore; the flag in memory follows it. All but isOn() belongs to the lane's thread.
#pragma once

#include "journal/group.hpp"
#include "store/connection.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace hub::journal {

/// Type of the event that tells libraries of a restore, once; its payload is
/// {"epoch", "backup_ms", "restored_ms"}.
inline constexpr const char* kRestoredEvent = "hub.restored";

struct QuarantineState {
    std::int64_t epoch = 0;       // of the store, raised by the restore
    std::int64_t backup_ms = 0;   // when the backup was made
    std::int64_t restored_ms = 0; // since when the quarantine lasts
    std::int64_t last_call = 0;   // calls up to this one came with the backup
    bool fenced = false;          // they were made unknown
    bool announced = false;       // kRestoredEvent is in the journal
};

class Quarantine {
public:
    /// One that is never on.
    static const Quarantine& none();

    static std::optional<QuarantineState> read(store::Connection& connection);
    static void write(store::Connection& connection, const QuarantineState& state);

    /// Takes the flag from the store.
    void load(store::Connection& connection);
    /// Thread-safe.
    bool isOn() const noexcept { return on_; }
    /// Removes the row in the group's transaction; the flag goes with the commit. By way of
    /// CallFeed::release(), which deals with what was held.
    void release(Group& group);

private:
    std::atomic<bool> on_{false};
};

} // namespace hub::journal
