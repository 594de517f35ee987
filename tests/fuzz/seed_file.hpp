// Seeds as they lie in seeds/<target>/. A file is the input itself, except that *.hex describes
// bytes in text: hexadecimal digits, HH*N for a repeated byte, "text", and # to the line's end.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hub::fuzz {

struct Seed {
    std::filesystem::path file;
    std::string bytes;
};

/// The files of a folder in the order of their names, or the one file. Throws std::runtime_error
/// with a sentence when something is not readable or no seed.
std::vector<Seed> readSeeds(const std::filesystem::path& place);

} // namespace hub::fuzz
