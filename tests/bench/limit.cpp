#include "limit.hpp"

#include <array>
#include <chrono>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace bench {

double fdatasyncRate(const std::filesystem::path& folder, double seconds)
{
    using Clock = std::chrono::steady_clock;
    const std::filesystem::path file = folder / "fdatasync.calibration";
    const int descriptor = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw std::runtime_error("the calibration file can't be made in " + folder.string());
    }
    const std::array<char, 1024> block{};
    const auto begin = Clock::now();
    std::chrono::duration<double> spent{0};
    int count = 0;
    bool failed = false;
    while (!failed && spent.count() < seconds) {
        failed =
            ::write(descriptor, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
            ::fdatasync(descriptor) != 0;
        ++count;
        spent = Clock::now() - begin;
    }
    ::close(descriptor);
    std::filesystem::remove(file);
    if (failed) {
        throw std::runtime_error("the calibration file can't be written in " + folder.string());
    }
    return count / spent.count();
}

} // namespace bench
