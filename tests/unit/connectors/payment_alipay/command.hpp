// Runs the openssl command line in a folder of its own, as the measure of our own protocol code.
#pragma once

#include "fixture.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace alipay_test {

/// A folder that is gone when the test ends.
class Scratch {
public:
    Scratch()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "alipay_XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        folder_ = pattern;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::filesystem::remove_all(folder_); }

    std::filesystem::path write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream{folder_ / name, std::ios::binary} << bytes;
        return folder_ / name;
    }
    const std::filesystem::path& folder() const { return folder_; }
    std::string read(const std::string& name) const { return readFile(folder_ / name); }

    /// What the command wrote, without the last line's end. Throws when it fails.
    std::string run(const std::string& command) const
    {
        const std::string whole =
            "cd " + folder_.string() + " && " + command + " >.output 2>.problem";
        // NOLINTNEXTLINE(concurrency-mt-unsafe,cert-env33-c): a test of one thread, its own words.
        if (std::system(whole.c_str()) != 0) {
            throw std::runtime_error(command + ": " + read(".problem"));
        }
        std::string output = read(".output");
        if (output.ends_with('\n')) {
            output.pop_back();
        }
        return output;
    }

private:
    std::filesystem::path folder_;
};

} // namespace alipay_test
