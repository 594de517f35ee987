// Sequences: counters that are never reused, kept in memory while a group runs and written with
// it. A value: copying it is how a savepoint remembers it.
#pragma once

#include "store/connection.hpp"

#include <cstdint>

namespace hub::journal {

class Sequences {
public:
    void load(store::Connection& connection);
    /// Writes what changed since the last flush.
    void flush(store::Connection& connection);

    std::int64_t nextEvent() noexcept { return ++event_; }
    std::int64_t nextCall() noexcept { return ++call_; }
    std::int64_t nextDeadLetter() noexcept { return ++dead_letter_; }
    std::int64_t lastEvent() const noexcept { return event_; }

private:
    std::int64_t event_ = 0;
    std::int64_t call_ = 0;
    std::int64_t dead_letter_ = 0;
    std::int64_t stored_event_ = 0;
    std::int64_t stored_call_ = 0;
    std::int64_t stored_dead_letter_ = 0;
};

} // namespace hub::journal
