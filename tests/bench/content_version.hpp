// What kept data were made by, as one word: after a change they are made anew.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// FNV-1a over the content of files, and of folders with all that is in them.
std::string contentVersion(const std::vector<std::filesystem::path>& sources);

} // namespace bench
