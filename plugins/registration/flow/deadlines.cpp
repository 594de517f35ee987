#include "flow/deadlines.hpp"

#include "flow/opening.hpp"
#include "store/consent_rows.hpp"

#include <algorithm>

namespace registration {

std::optional<std::int64_t> registrationEndOf(const hub::Snapshot& snapshot,
                                              const Organization& organization,
                                              const Edition& edition)
{
    if (!edition.holds("R-370") || !edition.holds("R-371") || !edition.registration_deadline_ms) {
        return std::nullopt;
    }
    const auto exception = findException(snapshot, organization.organization_id, "registration");
    return exception ? std::max(*edition.registration_deadline_ms, exception->until_ms)
                     : *edition.registration_deadline_ms;
}

std::optional<requests::Refusal>
tooLate(const hub::Snapshot& snapshot, const Organization& organization, const Edition& edition)
{
    const auto end = registrationEndOf(snapshot, organization, edition);
    if (!end || snapshot.nowMs() < *end) {
        return std::nullopt;
    }
    return broken(
        409,
        "registration_closed",
        "R-370",
        {"Registration has closed. Ask the organizer for an exception: " + edition.hotline + ".",
         "报名已截止，如需例外请联系组委会：" + edition.hotline + "。"});
}

} // namespace registration
