#include "domain/limits.hpp"

#include <algorithm>

namespace messaging {

std::int64_t waitMs(const std::vector<std::int64_t>& times_ms,
                    const std::vector<Limit>& limits,
                    std::int64_t now_ms)
{
    std::int64_t wait = 0;
    for (const Limit& limit : limits) {
        const auto count = static_cast<std::int64_t>(times_ms.size());
        if (count >= limit.count_max) {
            // Another one fits when the count_max-th newest has left the span.
            const std::int64_t leaving =
                times_ms[static_cast<std::size_t>(limit.count_max - 1)] + limit.span_ms;
            wait = std::max(wait, leaving - now_ms);
        }
    }
    return wait;
}

} // namespace messaging
