// Limit: how fast this disk makes 1 KiB durable. What an honest hub is measured by.
#pragma once

#include <filesystem>

namespace bench {

struct DiskPace {
    double per_second = 0;
    double p50_us = 0;
    double p99_us = 0;
};

/// fdatasync after appending 1 KiB each, in a file of that folder, over `seconds`.
DiskPace fdatasyncPace(const std::filesystem::path& folder, double seconds);

/// The rate alone.
double fdatasyncRate(const std::filesystem::path& folder, double seconds);

/// Writes what the folder's disk has cached, so that a copy just made does not slow the
/// measurement.
void flushDisk(const std::filesystem::path& folder);

} // namespace bench
