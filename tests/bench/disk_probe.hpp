// DiskProbe: how long the disk takes to make 1 KiB durable while something else is measured.
#pragma once

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

namespace bench {

class DiskProbe {
public:
    /// Twenty times a second in a file of that folder, until p99Ms(). Throws std::runtime_error
    /// when the file can't be made.
    explicit DiskProbe(const std::filesystem::path& folder);
    ~DiskProbe();
    DiskProbe(const DiskProbe&) = delete;
    DiskProbe& operator=(const DiskProbe&) = delete;

    /// Ends it. Throws std::runtime_error when the disk refused.
    double p99Ms();

private:
    void measure();

    std::filesystem::path file_;
    int descriptor_ = -1;
    std::atomic<bool> ends_{false};
    bool failed_ = false;
    std::vector<double> each_ms_;
    std::thread thread_;
};

} // namespace bench
