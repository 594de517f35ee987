#include "content_version.hpp"

#include "child.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench {

namespace fs = std::filesystem;

std::string contentVersion(const std::vector<fs::path>& sources)
{
    std::vector<fs::path> files;
    for (const fs::path& source : sources) {
        if (fs::is_regular_file(source)) {
            files.push_back(source);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(source)) {
            if (entry.is_regular_file()) {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    std::uint64_t hash = 14695981039346656037ULL;
    for (const fs::path& file : files) {
        for (const char letter : contentOf(file)) {
            hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
        }
    }
    return fmt::format("{:016x}", hash);
}

} // namespace bench
