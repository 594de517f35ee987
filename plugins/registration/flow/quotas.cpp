#include "flow/quotas.hpp"

#include "domain/weakness.hpp"
#include "flow/read_mode.hpp"
#include "flow/rule.hpp"
#include "store/edition_rows.hpp"

#include <map>

namespace registration {

namespace {

using requests::Refusal;

constexpr const char* kEditionNode = "edition";
constexpr const char* kDelegationNode = "delegation";
constexpr const char* kSubDelegationNode = "sub_delegation";
constexpr const char* kOrganizationNode = "organization";

QuotaNode groupOf(const std::string& delegation_id, const std::string& sub_delegation_id)
{
    if (!sub_delegation_id.empty()) {
        return {kSubDelegationNode, sub_delegation_id};
    }
    return {kDelegationNode, delegation_id.empty() ? kNoDelegation : delegation_id};
}

QuotaNode placesOf(const Person& person, const Edition& edition)
{
    return edition.mode == Mode::ByOrganization
               ? QuotaNode{kOrganizationNode, person.organization_id}
               : groupOf(person.delegation_id, person.sub_delegation_id);
}

/// Which rule limits the place.
std::string_view ruleOf(const Person& person, const Category& category, const Edition& edition)
{
    if (edition.mode == Mode::ByOrganization) {
        return person.reuse ? "R-154" : "R-089";
    }
    const bool is_upgrade = person.reuse && person.category != category.id;
    return is_upgrade ? "R-180" : "R-162";
}

Refusal exhausted(std::string_view rule, const Category& category, const Quota& quota)
{
    const std::string used = std::to_string(quota.used()) + "/" + std::to_string(quota.total);
    Refusal refusal{409,
                    "quota_exhausted",
                    {"No place of the category " + category.title.en + " is left (" + used +
                         "); choose another category, or ask whoever gives out the quota for more.",
                     "“" + category.title.zh + "”标签的配额已用完（" + used +
                         "），请选择其他标签，或向上级申请增加配额。"}};
    refusal.parameters = {
        {"rule", rule}, {"category", category.id}, {"used", quota.used()}, {"total", quota.total}};
    return refusal;
}

Refusal movedWithoutPlaces(const std::string& category, std::int64_t needed)
{
    Refusal refusal{
        409,
        "quota_exhausted",
        {"The group that the organization would move to has too few places of the category " +
             category + " (" + std::to_string(needed) +
             " are needed); raise its quota first, or change the persons' categories.",
         "目标交易（分）团的“" + category + "”配额不足（需要 " + std::to_string(needed) +
             " 个），请先增加其配额，或更改相关人员的标签。"}};
    refusal.parameters = {{"rule", "R-162"}, {"category", category}, {"needed", needed}};
    return refusal;
}

void tellQuota(const Work& work,
               const std::string& edition,
               const QuotaNode& node,
               const std::string& category,
               std::int64_t total)
{
    const Json payload = {
        {"node_kind", node.kind}, {"node_id", node.id}, {"category", category}, {"total", total}};
    hub::Publication event;
    event.type = "quota.changed";
    event.key = node.id;
    event.edition = edition;
    event.payload = payload.dump();
    work.unit().publish(event);
}

/// What an organization takes along: its persons' places, and what it holds itself.
struct Belongings {
    std::vector<Reservation> of_persons; // taken from the group
    std::vector<Quota> own;
    std::map<std::string, std::int64_t> needed; // by category
};

Belongings belongingsOf(const Work& work, const Organization& organization)
{
    Belongings belongings;
    for (const Reservation& one : reservationsOf(work.unit(), organization.organization_id)) {
        if (one.node.kind != kOrganizationNode) {
            ++belongings.needed[one.category];
            belongings.of_persons.push_back(one);
        }
    }
    belongings.own = quotasOf(
        work.unit(), organization.edition, {kOrganizationNode, organization.organization_id});
    for (const Quota& one : belongings.own) {
        belongings.needed[one.category] += one.reserved;
    }
    return belongings;
}

void carry(const Work& work,
           const Belongings& belongings,
           const std::string& edition,
           const QuotaNode& from,
           const QuotaNode& to)
{
    for (Reservation one : belongings.of_persons) {
        release(work.unit(), one);
        one.node = to;
        mustBeDone(reserve(work.unit(), one), "a place that was free is gone within the unit");
    }
    for (const Quota& one : belongings.own) {
        mustBeDone(
            (one.total == 0 || allocate(work.unit(), edition, from, one.category, -one.total)) &&
                setTotal(work.unit(), edition, one.node, one.category, one.reserved) &&
                (one.reserved == 0 ||
                 allocate(work.unit(), edition, to, one.category, one.reserved)),
            "the quotas of an organization do not add up");
        if (one.reserved != one.total) {
            tellQuota(work, edition, one.node, one.category, one.reserved);
        }
    }
}

/// Whether a place is free is decided by what this unit sees, which nobody else changes meanwhile.
Quota quotaFor(const Work& work,
               const Person& person,
               const QuotaNode& node,
               const std::string& category)
{
#ifdef HUB_CHAOS
    if (REGISTRATION_WEAK("quota-check-in-read")) {
        return lastShown(work.unit(), person.edition, node, category);
    }
#endif
    return findQuota(work.unit(), person.edition, node, category);
}

Refusal belowUsed(const Category& category, const Quota& quota)
{
    const std::string used = std::to_string(quota.used());
    Refusal refusal{
        409,
        "quota_below_used",
        {used + " places of " + category.title.en +
             " are used already; take places back before you lower the quota.",
         "“" + category.title.zh + "”已使用 " + used + " 个，不能低于该数，请先收回名额。"}};
    refusal.parameters = {{"rule", "R-162"}, {"used", quota.used()}, {"total", quota.total}};
    return refusal;
}

Refusal aboveParent(const Category& category, const Quota& parent)
{
    const std::string available = std::to_string(parent.available());
    Refusal refusal{409,
                    "quota_exceeds_parent",
                    {"Only " + available + " places of " + category.title.en +
                         " are left to give; lower the number, or ask for more.",
                     "“" + category.title.zh + "”仅剩 " + available +
                         " 个可分配，请减少数量或向上级申请增加。"}};
    refusal.parameters = {{"rule", "R-162"}, {"available", parent.available()}};
    return refusal;
}

} // namespace

std::optional<Refusal>
takePlace(const Work& work, Person& person, const Category& category, const Edition& edition)
{
    const std::string_view rule = ruleOf(person, category, edition);
    const auto had = findReservation(work.unit(), person.person_id);
    if (!category.limited || !edition.holds(rule)) {
        giveBackPlace(work, person);
    } else if (!had || had->category != category.id) {
        const QuotaNode node = placesOf(person, edition);
        const Quota quota = quotaFor(work, person, node, category.id);
        if (quota.available() < 1) {
            return exhausted(rule, category, quota);
        }
        giveBackPlace(work, person);
        mustBeDone(reserve(work.unit(), {person.person_id, person.edition, node, category.id}),
                   "a place that was free is gone within the unit");
    }
    person.category = category.id;
    return std::nullopt;
}

void giveBackPlace(const Work& work, const Person& person)
{
    if (const auto had = findReservation(work.unit(), person.person_id)) {
        release(work.unit(), *had);
    }
}

std::optional<Refusal> relocateWithPlaces(const Work& work,
                                          Organization& organization,
                                          std::string_view delegation_id,
                                          std::string_view sub_delegation_id,
                                          const Edition& edition)
{
    const QuotaNode from = groupOf(organization.delegation_id, organization.sub_delegation_id);
    const QuotaNode to = groupOf(std::string{delegation_id}, std::string{sub_delegation_id});
    if (!(from == to)) {
        const Belongings belongings = belongingsOf(work, organization);
        for (const auto& [category, needed] : belongings.needed) {
            if (findQuota(work.unit(), edition.id, to, category).available() < needed) {
                return movedWithoutPlaces(category, needed);
            }
        }
        carry(work, belongings, edition.id, from, to);
    }
    work.relocate(organization, delegation_id, sub_delegation_id);
    return std::nullopt;
}

std::optional<Refusal> giveQuota(const Work& work,
                                 const QuotaNode& node,
                                 const Category& category,
                                 std::int64_t total,
                                 const Edition& edition)
{
    const Quota quota = findQuota(work.unit(), edition.id, node, category.id);
    if (total < quota.used()) {
        return belowUsed(category, quota);
    }
    const std::int64_t more = total - quota.total;
    if (more == 0) {
        return std::nullopt;
    }
    if (const auto above = nodeAbove(work.unit(), edition.id, node)) {
        const Quota parent = findQuota(work.unit(), edition.id, *above, category.id);
        if (more > parent.available()) {
            return aboveParent(category, parent);
        }
        mustBeDone(allocate(work.unit(), edition.id, *above, category.id, more),
                   "the quota above counts less than it gave");
    }
    mustBeDone(setTotal(work.unit(), edition.id, node, category.id, total),
               "more of the quota is used than it counts");
    tellQuota(work, edition.id, node, category.id, total);
    return std::nullopt;
}

std::optional<QuotaNode>
nodeAbove(const hub::Snapshot& snapshot, const std::string& edition, const QuotaNode& node)
{
    if (node.kind == kDelegationNode) {
        return QuotaNode{kEditionNode, edition};
    }
    if (node.kind == kSubDelegationNode) {
        const auto found = findDelegation(snapshot, edition, node.id);
        return found ? std::optional(QuotaNode{kDelegationNode, found->parent_id}) : std::nullopt;
    }
    if (node.kind == kOrganizationNode) {
        const auto found = ReadRows(snapshot).organization(node.id);
        return found ? std::optional(groupOf(found->delegation_id, found->sub_delegation_id))
                     : std::nullopt;
    }
    return std::nullopt;
}

} // namespace registration
