#include "domain/progress.hpp"

#include <initializer_list>

namespace registration {

namespace {

using Counts = std::map<std::string, std::int64_t>;

std::int64_t sum(const Counts& counts, std::initializer_list<PersonState> states)
{
    std::int64_t n = 0;
    for (const PersonState state : states) {
        const auto found = counts.find(std::string(toText(state)));
        n += found == counts.end() ? 0 : found->second;
    }
    return n;
}

} // namespace

std::vector<ProgressStep> progressOf(const Organization& organization, const Counts& persons)
{
    using S = PersonState;
    using O = OrganizationState;
    const bool is_handed_in =
        organization.state == O::Submitted || organization.state == O::Approved;
    const std::int64_t failed = sum(persons, {S::Failed});
    const std::int64_t reviewed = failed + sum(persons, {S::Passed});
    const std::int64_t to_review = reviewed + sum(persons, {S::ToBeReviewed});
    const std::int64_t to_pay = to_review + sum(persons, {S::ToBePaid});
    const std::int64_t submitted =
        to_pay + sum(persons, {S::Submitted, S::ToBeCategorized, S::ToBeLocked});
    const std::int64_t all = submitted + sum(persons, {S::JoinRequested, S::Saved});
    return {
        {"account", {"Account", "注册账号"}, "account", false, 1, 1},
        {"organization",
         {"Organization's information", "填写单位信息"},
         "pages/organization",
         false,
         is_handed_in ? 1 : 0,
         1},
        {"persons", {"Persons' information", "填写人员信息"}, "persons", false, submitted, all},
        {"delegation_review",
         {"Review by the delegation", "交易团审核"},
         "preview",
         false,
         organization.state == O::Approved ? 1 : 0,
         1},
        {"payment", {"Payment of the fee", "证件费支付"}, "orders", false, to_review, to_pay},
        {"person_review",
         {"Review of persons", "人员信息审核"},
         "persons",
         true,
         reviewed,
         submitted},
        {"badge_production",
         {"Production of badges", "证件制作"},
         "badges",
         true,
         std::nullopt,
         submitted - failed},
        {"badge_issue",
         {"Issue of badges", "证件发放"},
         "badges",
         true,
         std::nullopt,
         submitted - failed},
    };
}

} // namespace registration
