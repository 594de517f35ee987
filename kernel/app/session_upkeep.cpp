#include "app/session_upkeep.hpp"

#include <cstddef>
#include <utility>

namespace hub::app {

namespace {

constexpr std::size_t kRowsMax = 500; // in one unit, so that nobody waits long for it

} // namespace

security::SessionChange sessionChange(journal::Group& group)
{
    return {group.connection(), group.nowMs(), [&group](std::function<void()> action) {
                group.effects().before_answers.push_back(std::move(action));
            }};
}

void flushSessions(journal::Lane& lane, security::Sessions& sessions)
{
    sessions.sweep();
    std::size_t written = kRowsMax;
    while (written == kRowsMax) {
        lane.runNow([&](journal::LaneContext& context) {
            written = sessions.flush(sessionChange(context.group), kRowsMax);
        });
    }
}

void pruneSessions(journal::Lane& lane)
{
    std::size_t removed = kRowsMax;
    while (removed == kRowsMax) {
        lane.runNow([&](journal::LaneContext& context) {
            removed = security::Sessions::prune(
                context.group.connection(), context.group.nowMs(), kRowsMax);
        });
    }
}

} // namespace hub::app
