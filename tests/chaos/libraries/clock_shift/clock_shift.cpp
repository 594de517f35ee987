// Preloaded into a hub: its calendar clock is ahead by HUB_CLOCK_SHIFT_S seconds. Clocks that only
// measure, such as the monotonic one, are as they are.

#include <cstdlib>
#include <ctime>

#include <dlfcn.h>
#include <sys/time.h>

namespace {

template <typename Function>
Function next(const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

time_t shift()
{
    static const time_t seconds = [] {
        const char* text = std::getenv("HUB_CLOCK_SHIFT_S");
        return text == nullptr ? time_t{0} : static_cast<time_t>(std::atoll(text));
    }();
    return seconds;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept
{
    static const auto real = next<int (*)(clockid_t, timespec*)>("clock_gettime");
    const int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += shift();
    }
    return result;
}

int gettimeofday(timeval* now, void* zone) noexcept
{
    static const auto real = next<int (*)(timeval*, void*)>("gettimeofday");
    const int result = real(now, zone);
    if (result == 0) {
        now->tv_sec += shift();
    }
    return result;
}

time_t time(time_t* now) noexcept
{
    timespec precise{};
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now != nullptr) {
        *now = precise.tv_sec;
    }
    return precise.tv_sec;
}

} // extern "C"
