#include "limit.hpp"

#include "figure.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

DiskPace fdatasyncPace(const std::filesystem::path& folder, double seconds)
{
    using Clock = std::chrono::steady_clock;
    using Microseconds = std::chrono::duration<double, std::micro>;
    const std::filesystem::path file = folder / "fdatasync.calibration";
    const int descriptor = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw std::runtime_error("the calibration file can't be made in " + folder.string());
    }
    const std::array<char, 1024> block{};
    const auto begin = Clock::now();
    auto before = begin;
    std::vector<double> each_us;
    bool failed = false;
    while (!failed && before - begin < std::chrono::duration<double>(seconds)) {
        failed =
            ::write(descriptor, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
            ::fdatasync(descriptor) != 0;
        const auto now = Clock::now();
        each_us.push_back(Microseconds(now - before).count());
        before = now;
    }
    ::close(descriptor);
    std::filesystem::remove(file);
    if (failed) {
        throw std::runtime_error("the calibration file can't be written in " + folder.string());
    }
    const double spent_us = Microseconds(before - begin).count();
    return {static_cast<double>(each_us.size()) / spent_us * 1e6,
            percentile(each_us, 0.5),
            percentile(each_us, 0.99)};
}

double fdatasyncRate(const std::filesystem::path& folder, double seconds)
{
    return fdatasyncPace(folder, seconds).per_second;
}

void flushDisk(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || ::syncfs(descriptor) != 0) {
        throw std::runtime_error(folder.string() + ": its disk can't be flushed");
    }
    ::close(descriptor);
}

} // namespace bench
