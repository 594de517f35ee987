#include "domain/notices.hpp"

#include <algorithm>
#include <array>

namespace messaging {

namespace {

struct Row {
    std::string_view event_type;
    Audience audience;
    std::string_view variant;
};

// A template has the name of its event until the configuration says otherwise.
constexpr std::array kEvents = {
    Row{"organization.approved", Audience::Contacts, ""},
    Row{"organization.returned", Audience::Contacts, ""},
    Row{"organization.rejected", Audience::Contacts, ""},
    Row{"organization.payment_due", Audience::Contacts, ""},
    // D-08: who has the code learns of the claim while there is time to object.
    Row{"organization.code_claimed", Audience::Contacts, ""},
    Row{"organization.claim_decided", Audience::Claimant, "decision"},
    Row{"staff.invited", Audience::Invited, ""},
    Row{"badge_reuse.upgraded", Audience::Contacts, ""},
    Row{"order.payment_due", Audience::Contacts, ""},
    Row{"order.paid", Audience::Contacts, ""},
    Row{"refund.succeeded", Audience::Contacts, ""},
    Row{"refund.failed", Audience::Contacts, ""},
};

constexpr std::array<std::string_view, 5> kPurposes = {
    "organization_registration", "login", "password_reset", "past_visitor", "contact_change"};

} // namespace

std::vector<Notice> builtInNotices()
{
    std::vector<Notice> notices;
    for (const Row& row : kEvents) {
        const std::string type{row.event_type};
        notices.push_back({type, type, true, row.audience, std::string{row.variant}});
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
