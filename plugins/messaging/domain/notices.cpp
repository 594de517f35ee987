#include "domain/notices.hpp"

#include <algorithm>
#include <array>

namespace messaging {

namespace {

// A template has the name of its event until the configuration says otherwise.
constexpr std::array<std::string_view, 9> kEvents = {"organization.approved",
                                                     "organization.returned",
                                                     "organization.rejected",
                                                     "organization.payment_due",
                                                     "badge_reuse.upgraded",
                                                     "order.payment_due",
                                                     "order.paid",
                                                     "refund.succeeded",
                                                     "refund.failed"};

constexpr std::array<std::string_view, 5> kPurposes = {
    "organization_registration", "login", "password_reset", "past_visitor", "contact_change"};

} // namespace

std::vector<Notice> builtInNotices()
{
    std::vector<Notice> notices;
    for (const std::string_view type : kEvents) {
        notices.push_back({std::string{type}, std::string{type}, true});
    }
    return notices;
}

bool isPurpose(std::string_view purpose)
{
    return std::find(kPurposes.begin(), kPurposes.end(), purpose) != kPurposes.end();
}

std::string purposes()
{
    std::string list;
    for (const std::string_view purpose : kPurposes) {
        list.append(list.empty() ? "" : ", ").append(purpose);
    }
    return list;
}

} // namespace messaging
