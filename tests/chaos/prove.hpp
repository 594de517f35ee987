// --prove: breaks one promise of the hub after the other and demands that a run notices.
#pragma once

#include "options.hpp"

#include <filesystem>

namespace chaos {

/// Prints a table; 0 when every control run is clean and every weakness was noticed. `program` is
/// this one: each run is a process of its own.
int prove(const Options& options, const std::filesystem::path& program);

} // namespace chaos
