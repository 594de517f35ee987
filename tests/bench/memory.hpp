// Memory: what the hub takes while nothing happens, while much waits, and when its journal is long.
#pragma once

#include "figure.hpp"

#include <vector>

namespace bench {

std::vector<Figure> memoryFigures();

/// memory.wal, in memory_wal.cpp.
Lines measureWal(const Options& options);

} // namespace bench
