// What organizations ask for after the lock: that a person be canceled. Why is told by its history.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace registration {

struct Cancellation {
    std::string person_id;
    std::string asked_by;
    std::int64_t asked_ms = 0;
};

bool isCancellationAsked(const hub::Snapshot& snapshot, std::string_view person_id);
void insert(const hub::Unit& unit, const Cancellation& cancellation);
/// False when there was none.
bool removeCancellation(const hub::Unit& unit, std::string_view person_id);

} // namespace registration
