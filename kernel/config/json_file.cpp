#include "config/json_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <string>

namespace hub::config {

namespace {

constexpr std::uintmax_t kFileBytesMax = 1024 * 1024;

} // namespace

Result<base::Json> readJsonFile(const std::filesystem::path& path, const std::string& name)
{
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(path, failed);
    if (failed) {
        return Error{HUB_NOT_FOUND,
                     fmt::format("{}: can't be read ({}); check that it is there and readable",
                                 name,
                                 failed.message())};
    }
    if (size > kFileBytesMax) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("{}: has {} bytes, must have at most {}; make it smaller",
                                 name,
                                 size,
                                 kFileBytesMax)};
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(path, std::ios::binary);
    if (!stream.read(text.data(), static_cast<std::streamsize>(size))) {
        return Error{HUB_NOT_FOUND, name + ": can't be read; check its permissions"};
    }
    Result<base::Json> json = base::parseJson(text);
    if (!json.ok()) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("{}: is no JSON: {}; correct it", name, json.error().message)};
    }
    return json;
}

} // namespace hub::config
