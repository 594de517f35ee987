#include "disk_probe.hpp"

#include "figure.hpp"

#include <array>
#include <chrono>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::chrono::milliseconds kEvery{50};

} // namespace

DiskProbe::DiskProbe(const std::filesystem::path& folder)
    : file_(folder / "fdatasync.probe")
    , descriptor_(::open(file_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600))
{
    if (descriptor_ < 0) {
        throw std::runtime_error("the file of the disk's probe can't be made in " +
                                 folder.string());
    }
    thread_ = std::thread([this] { measure(); });
}

DiskProbe::~DiskProbe()
{
    ends_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
    ::close(descriptor_);
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

void DiskProbe::measure()
{
    using Clock = std::chrono::steady_clock;
    const std::array<char, 1024> block{};
    auto due = Clock::now();
    while (!ends_ && !failed_) {
        std::this_thread::sleep_until(due += kEvery);
        const auto before = Clock::now();
        failed_ = ::write(descriptor_, block.data(), block.size()) !=
                      static_cast<ssize_t>(block.size()) ||
                  ::fdatasync(descriptor_) != 0;
        each_ms_.push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - before).count());
    }
}

double DiskProbe::p99Ms()
{
    ends_ = true;
    thread_.join();
    if (failed_) {
        throw std::runtime_error(file_.string() + " can't be written");
    }
    return percentile(each_ms_, 0.99);
}

} // namespace bench
