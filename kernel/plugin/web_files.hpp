// Web files: what of a plugin's web folder browsers may load, read once into memory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hub::plugin {

struct WebFile {
    std::string name; // "checkout.css"
    std::string media_type;
    std::string bytes;
};

/// The files directly in `folder`, by name; none when there is no such folder. Throws base::Failure
/// naming a file that is too large, unreadable or of a type that browsers are not given.
std::vector<WebFile> readWebFiles(const std::filesystem::path& folder);

} // namespace hub::plugin
