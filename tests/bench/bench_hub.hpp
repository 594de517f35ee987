// BenchHub: a hub of its own in a folder of its own, with the libraries that a figure needs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

/// Events that a subscriber may hold: as many as the publisher has on its way.
inline constexpr int kCredit = 1000;

struct LibraryConfig {
    std::string id;
    nlohmann::json config;
};

class BenchHub {
public:
    /// Makes the installation; starts nothing. Throws std::runtime_error.
    BenchHub(std::filesystem::path build, const std::vector<LibraryConfig>& libraries);
    /// Stops the hub and removes the folder.
    ~BenchHub();
    BenchHub(const BenchHub&) = delete;
    BenchHub& operator=(const BenchHub&) = delete;

    void start();
    std::filesystem::path dataFolder() const { return folder_ / "hub/store"; }

    /// Waits for the first event of the type; its time in milliseconds.
    double timeOf(const std::string& type) const;
    /// `expohub WORDS --json`.
    std::string command(const std::string& words) const;

private:
    std::filesystem::path build_;
    std::filesystem::path folder_;
    int pid_ = 0;
};

} // namespace bench
