// Reading a JSON file that an operator or a build wrote.
#pragma once

#include "base/json.hpp"

#include <filesystem>
#include <string>

namespace hub::config {

/// The error is a sentence that begins with `name`: not there, too large, no JSON.
Result<base::Json> readJsonFile(const std::filesystem::path& path, const std::string& name);

} // namespace hub::config
