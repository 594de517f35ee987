// What every run ends with: heal, judge, ledger check, exposure floor, and the last line
// "lost N, doubled N, forged N, out of order N, ledger balanced".
#pragma once

#include "installation.hpp"
#include "memory.hpp"
#include "oracle.hpp"
#include "report.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chaos {

/// What a fault's own run has found out, for the verdict.
struct Proof {
    std::vector<std::string> figures;  ///< lines for people
    std::vector<std::string> failures; ///< each fails the run: "hub took 6000 ms to come back"
    Findings findings;                 ///< beside those of the judge
    std::vector<Floor> floors;
    /// Asked when what is underway is settled: all of the above, of that moment. May be empty.
    std::function<Proof()> at_rest = {};
};

struct Verdict {
    Findings findings;
    bool balanced = false;
    bool books_equal = false; ///< ledger and books of every provider
    bool good = false;
    std::string line; ///< the last line of the run
};

/// What the simulator's accounts held before the load; the ledger check compares with it.
std::int64_t balanceOf(const Installation& installation);

/// After the load has stopped and every server is up: waits until what is underway is settled,
/// judges, prints findings, figures and the last line. The options bound the waiting.
Verdict conclude(Installation& installation,
                 const Memory& memory,
                 std::int64_t balance_before_minor,
                 const Proof& found);

} // namespace chaos
