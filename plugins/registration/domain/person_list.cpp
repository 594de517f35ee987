#include "domain/person_list.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace registration {

namespace {

using S = PersonState;

constexpr std::array kColumns = {
    ListColumn{"name", "Name", "姓名", "R-166"},
    ListColumn{"kind", "Kind of person", "人员类型", "R-166"},
    ListColumn{"nationality", "Country or region", "国家/地区", "R-166"},
    ListColumn{"document_masked", "Document number", "证件号码", "R-166"},
    ListColumn{"organization_name", "Organization", "单位", "R-166"},
    ListColumn{"position", "Position", "职务", "R-166"},
    ListColumn{"category", "Category", "标签", "R-166"},
    ListColumn{"state", "Status", "人员状态", "R-166"},
    ListColumn{"admission_period", "Admission period", "入场日期", "R-166"},
    ListColumn{"amount_minor", "Amount (CNY)", "金额（元/人民币）", "R-187"},
    ListColumn{"delivery_method", "How the badge is received", "领取方式", "R-166"},
    ListColumn{"badge_status", "Badge", "证件状态", "R-166"},
    ListColumn{"reuse", "Badge is used again", "证件复用", "R-149"},
    ListColumn{"cancellation_asked", "Cancellation asked for", "申请注销", "R-186"},
};

struct StateTitle {
    S state;
    const char* en;
    const char* zh;
    const char* rule;
};

constexpr std::array kStates = {
    StateTitle{S::JoinRequested, "Asks to join", "单位审核加入", ""},
    StateTitle{S::Saved, "Saved", "已保存", ""},
    StateTitle{S::Submitted, "Submitted", "已提交", ""},
    StateTitle{S::ToBeCategorized, "To be categorized", "待标记", "R-167"},
    StateTitle{S::ToBeLocked, "To be locked", "待锁定", "R-168"},
    StateTitle{S::ToBePaid, "To be paid", "待支付", ""},
    StateTitle{S::ToBeReviewed, "To be reviewed", "待审核", ""},
    StateTitle{S::Passed, "Passed", "审核通过", ""},
    StateTitle{S::Failed, "Not passed", "审核不通过", ""},
    StateTitle{S::Canceled, "Canceled", "注销", ""},
    StateTitle{S::Archived, "Past edition", "往届", ""},
};

const std::vector<BadgeStatus>& badgeStatuses()
{
    static const std::vector<BadgeStatus> kStatuses = {
        {"registered", {S::Submitted, S::ToBeCategorized, S::ToBeLocked, S::ToBePaid}},
        {"in_review", {S::ToBeReviewed}},
        {"in_production", {S::Passed}, false, true},
        {"reuse_activated", {S::Passed}, true, false},
        {"none", {S::Failed, S::Canceled}},
    };
    return kStatuses;
}

} // namespace

std::vector<ListColumn> columnsOf(const Edition& edition)
{
    std::vector<ListColumn> columns;
    std::copy_if(kColumns.begin(),
                 kColumns.end(),
                 std::back_inserter(columns),
                 [&](const ListColumn& one) { return edition.holds(one.rule); });
    return columns;
}

Json toJson(const std::vector<ListColumn>& columns)
{
    Json list = Json::array();
    for (const ListColumn& one : columns) {
        list.push_back({{"name", one.name}, {"title", {{"en", one.en}, {"zh", one.zh}}}});
    }
    return list;
}

std::string_view badgeStatusOf(PersonState state, bool reuses_badge)
{
    for (const BadgeStatus& one : badgeStatuses()) {
        if (std::find(one.states.begin(), one.states.end(), state) != one.states.end() &&
            (reuses_badge ? one.of_reused : one.of_new)) {
            return one.name;
        }
    }
    return "none";
}

const BadgeStatus* findBadgeStatus(std::string_view name)
{
    const auto& all = badgeStatuses();
    const auto found = std::find_if(
        all.begin(), all.end(), [name](const BadgeStatus& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Words titleOf(PersonState state, const Edition& edition)
{
    const auto* found = std::find_if(kStates.begin(),
                                     kStates.end(),
                                     [state](const StateTitle& one) { return one.state == state; });
    return found == kStates.end() || !edition.holds(found->rule) ? Words{}
                                                                 : Words{found->en, found->zh};
}

Words categoryTitle(std::string_view category, const Edition& edition)
{
    if (const Category* found = edition.findCategory(category)) {
        return found->title;
    }
    return category.empty() && edition.holds("R-167") ? Words{"General visitor", "普通观众"}
                                                      : Words{};
}

} // namespace registration
