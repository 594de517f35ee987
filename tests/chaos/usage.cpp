#include "usage.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace chaos {

Usage usageOf(pid_t process)
{
    Usage usage;
    const std::filesystem::path folder = "/proc/" + std::to_string(process);
    std::error_code gone;
    for (auto it = std::filesystem::directory_iterator(folder / "fd", gone);
         !gone && it != std::filesystem::directory_iterator();
         it.increment(gone)) {
        ++usage.descriptors;
    }
    std::ifstream status(folder / "status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmRSS:", 0) == 0) {
            usage.memory_kib = std::atoll(line.c_str() + 6);
        }
    }
    return usage;
}

} // namespace chaos
