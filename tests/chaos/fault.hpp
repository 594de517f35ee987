// The table of faults: what `--fault NAME` can put a hub through. One file per fault.
#pragma once

#include "options.hpp"

#include <vector>

namespace chaos {

struct Fault {
    const char* name;
    const char* what; ///< one line for people: what is broken, and how
    int full_rounds;  ///< without --rounds
    int short_rounds; ///< for `--fault all-short`
    /// Prints what it does and what it found, at the end the line of conclude(). Returns 0
    /// when everything held. `rounds` of the options is set. Throws when it can't be run at all.
    int (*run)(const Options& options);
    bool takes_load = false; ///< --load; the others bring their own
};

/// A new fault is one new file `<name>_fault.cpp` and one line in fault.cpp.
const std::vector<const Fault*>& faults();
/// Throws std::invalid_argument that lists the known ones.
const Fault& findFault(const std::string& name);

} // namespace chaos
