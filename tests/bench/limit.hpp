// Limit: how often a second this disk makes 1 KiB durable. What an honest hub is measured by.
#pragma once

#include <filesystem>

namespace bench {

/// fdatasync calls a second after appending 1 KiB each, in a file of that folder, over `seconds`.
double fdatasyncRate(const std::filesystem::path& folder, double seconds);

} // namespace bench
