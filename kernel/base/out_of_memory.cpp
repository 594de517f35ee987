#include "base/out_of_memory.hpp"

#include <new>
#include <string_view>

#include <unistd.h>

namespace hub::base {

namespace {

constexpr int kStartAgain = 75;

/// Allocates nothing, and runs no destructor that could.
void end()
{
    constexpr std::string_view kWords =
        "no more memory: the process ends and must be started again\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kWords.data(), kWords.size());
    ::_exit(kStartAgain);
}

} // namespace

void endWithoutMemory() noexcept
{
    std::set_new_handler(&end);
}

} // namespace hub::base
