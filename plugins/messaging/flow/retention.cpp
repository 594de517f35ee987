#include "flow/retention.hpp"

namespace messaging {

void onRetentionTimer(const Work& work)
{
    constexpr std::int64_t kStep = 500;
    const std::int64_t before_ms = work.nowMs() - work.settings().retention_ms;
    const std::int64_t messages = work.messages().purge(before_ms, kStep);
    const std::int64_t verifications = work.verifications().purge(before_ms, kStep);
    if (messages == kStep || verifications == kStep) {
        work.unit().setTimer(kRetentionTimer, "messages", work.nowMs());
    } else if (work.messages().holdsRecipients()) {
        work.scheduleRetention();
    }
}

} // namespace messaging
