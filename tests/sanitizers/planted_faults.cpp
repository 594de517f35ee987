// Faults of our own code that the address and undefined-behaviour sanitizers must report.
// usage: planted_faults freed|overflow|leak
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <string_view>

namespace {

int readFreed()
{
    auto owned = std::make_unique<int>(7);
    const volatile int* kept = owned.get();
    owned.reset();
    return *kept;
}

int overflow(int more)
{
    volatile int most = std::numeric_limits<int>::max();
    return most + more;
}

void leak(std::size_t bytes)
{
    volatile auto* lost = static_cast<char*>(std::malloc(bytes));
    lost[0] = 1;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view fault = argc > 1 ? argv[1] : "";
    if (fault == "freed") {
        std::cout << readFreed() << "\n";
    } else if (fault == "overflow") {
        std::cout << overflow(argc) << "\n";
    } else {
        leak(4096U * static_cast<std::size_t>(argc));
    }
    std::cout << "the program ends\n";
    return 0;
}
