// What every run says at its end: its findings, and whether it went through enough.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chaos {

/// How much a run must have gone through, or it has proved too little and fails.
struct Floor {
    std::string what;
    std::int64_t reached = 0;
    std::int64_t wanted = 0;
};

/// Acknowledged requests and charges that a run of `rounds` owes when one of `full_rounds` owes
/// the whole amount; shorter ones owe their share.
std::int64_t shareOf(std::int64_t whole, int rounds, int full_rounds);

/// One line each, the first of many.
void show(const char* title, const std::vector<std::string>& sentences);
/// Says so; false when one of them is not.
bool areFloorsReached(const std::vector<Floor>& floors);

} // namespace chaos
