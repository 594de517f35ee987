// What ctest tells a connector's test, and the files it reads.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace connector_test {

/// HUB_SOURCE_DIR or HUB_BUILD_DIR. Throws std::runtime_error when the test runs without ctest.
inline std::filesystem::path folder(const char* variable)
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
    const char* value = std::getenv(variable);
    if (value == nullptr) {
        throw std::runtime_error(std::string{variable} + " is not set; run the test by ctest");
    }
    return value;
}

/// All bytes. Throws std::runtime_error naming the file.
inline std::string readFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(path.string() + " can't be read");
    }
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

} // namespace connector_test
