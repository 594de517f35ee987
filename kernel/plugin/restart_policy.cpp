#include "plugin/restart_policy.hpp"

#include <algorithm>

namespace hub::plugin {

RestartPolicy::RestartPolicy(const RestartSettings& settings, std::uint64_t seed)
    : settings_(settings)
    , random_(seed)
{}

std::optional<std::int64_t> RestartPolicy::crashed()
{
    if (++crashes_ >= settings_.crashes_max) {
        return std::nullopt;
    }
    std::int64_t delay_ms = settings_.backoff_first_ms;
    for (int i = 1; i < crashes_ && delay_ms < settings_.backoff_max_ms; ++i) {
        delay_ms *= 2;
    }
    delay_ms = std::min(delay_ms, settings_.backoff_max_ms);
    std::uniform_int_distribution<std::int64_t> jitter(0, delay_ms / 2);
    return delay_ms - jitter(random_);
}

} // namespace hub::plugin
