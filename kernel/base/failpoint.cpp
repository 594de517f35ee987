#include "base/failpoint.hpp"

#ifdef HUB_CHAOS

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hub::base {

namespace {

constexpr std::size_t kFailpoints = static_cast<std::size_t>(Failpoint::Count);

#define HUB_NAME(enumerator, name, ...) name,
constexpr std::array<const char*, kFailpoints> kFailpointNames = {HUB_ALL_FAILPOINTS(HUB_NAME)};
constexpr const char* kWeaknessNames[] = {HUB_ALL_WEAKNESSES(HUB_NAME)};
#undef HUB_NAME

std::string variable(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody changes it
    return value == nullptr ? "" : value;
}

/// A switch that nobody knows would let a run prove nothing.
[[noreturn]] void refuse(const char* name, const std::string& value)
{
    std::fprintf(stderr, "%s=%s is not known\n", name, value.c_str());
    std::_Exit(2);
}

struct Armed {
    std::size_t step = kFailpoints; ///< none
    std::uint64_t nth = 0;
};

Armed readArmed()
{
    const std::string text = variable("HUB_FAILPOINT");
    const std::size_t colon = text.find(':');
    for (std::size_t i = 0; i < kFailpoints; ++i) {
        if (colon != std::string::npos && text.compare(0, colon, kFailpointNames[i]) == 0) {
            return {i, std::strtoull(text.c_str() + colon + 1, nullptr, 10)};
        }
    }
    if (!text.empty()) {
        refuse("HUB_FAILPOINT", text);
    }
    return {};
}

/// In a file when there is one, else nobody reads them.
FailpointCount* openCounts()
{
    static std::array<FailpointCount, kFailpoints> own{};
    const std::string file = variable("HUB_FAILPOINT_COUNTS");
    if (file.empty()) {
        return own.data();
    }
    const int opened = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void* memory = opened < 0 || ::ftruncate(opened, sizeof own) != 0
                       ? MAP_FAILED
                       : ::mmap(nullptr, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    if (memory == MAP_FAILED) {
        refuse("HUB_FAILPOINT_COUNTS", file);
    }
    return static_cast<FailpointCount*>(memory);
}

std::size_t readWeakness()
{
    const std::string text = variable("HUB_WEAKNESS");
    std::size_t place = 0;
    for (const char* name : kWeaknessNames) {
        if (text == name) {
            return place;
        }
        ++place;
    }
    return place; // none, or one that a plugin knows
}

/// What others do with what they should not have been told yet must have its time.
[[noreturn]] void die(const char* name)
{
    constexpr int kLastMs = 20;
    std::fprintf(stderr, "failpoint %s\n", name);
    ::poll(nullptr, 0, kLastMs);
    std::abort();
}

} // namespace

void reach(Failpoint step) noexcept
{
    static const Armed kArmed = readArmed();
    static FailpointCount* const kCounts = openCounts();
    static std::atomic<std::uint64_t> armed_reached{0};
    const auto place = static_cast<std::size_t>(step);
    std::atomic_ref(kCounts[place].reached).fetch_add(1);
    if (place == kArmed.step && armed_reached.fetch_add(1) + 1 == kArmed.nth) {
        std::atomic_ref(kCounts[place].died).fetch_add(1);
        die(kFailpointNames[place]);
    }
}

bool isWeak(Weakness promise) noexcept
{
    static const std::size_t kWeakness = readWeakness();
    return static_cast<std::size_t>(promise) == kWeakness;
}

} // namespace hub::base

#endif
