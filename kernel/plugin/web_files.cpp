#include "plugin/web_files.hpp"

#include "base/exception.hpp"
#include "security/durable_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace hub::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kBytesMax = 1024UL * 1024;

constexpr std::array<std::pair<std::string_view, const char*>, 6> kTypes = {{
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".woff2", "font/woff2"},
}};

const char* typeOf(const fs::path& file)
{
    const std::string extension = file.extension().string();
    const auto found = std::find_if(
        kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == extension; });
    return found == kTypes.end() ? nullptr : found->second;
}

WebFile readWebFile(const fs::path& path)
{
    const char* type = typeOf(path);
    if (type == nullptr) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "\"{}\" can't be served: a web folder holds css, js, json, png, svg "
                            "and woff2; remove it",
                            path.string());
    }
    if (fs::file_size(path) > kBytesMax) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "\"{}\" has more than {} bytes; make it smaller",
                            path.string(),
                            kBytesMax);
    }
    return {path.filename().string(), type, security::readFile(path)};
}

} // namespace

std::vector<WebFile> readWebFiles(const fs::path& folder)
{
    std::vector<WebFile> files;
    if (!fs::is_directory(folder)) {
        return files;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(readWebFile(entry.path()));
        }
    }
    std::sort(files.begin(), files.end(), [](const WebFile& a, const WebFile& b) {
        return a.name < b.name;
    });
    return files;
}

} // namespace hub::plugin
