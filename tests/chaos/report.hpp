// What every run says at its end: its findings, and whether it went through enough.
#pragma once

#include <cstddef>
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
/// Says so; the names of those that are not reached.
std::vector<std::string> missedFloors(const std::vector<Floor>& floors);

/// Why a run fails, in the few words that its verdict names. Empty: it holds.
class Reasons {
public:
    /// Counts what was found: "lost 3".
    void add(const char* what, std::size_t found);
    void addIf(bool is_broken, const char* what);
    /// As they are, the first of many.
    void add(const std::vector<std::string>& sentences);
    bool empty() const noexcept { return reasons_.empty(); }
    /// "FAILED: lost 3; the floor of persons, 2 of 8"
    std::string line() const;

private:
    std::vector<std::string> reasons_;
};

} // namespace chaos
