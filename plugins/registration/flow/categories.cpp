#include "flow/categories.hpp"

#include "flow/quotas.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

constexpr const char* kStep = "a step that the state allows was not made";

struct UpgradeRule {
    std::string_view from;
    std::string_view to;
    std::string_view rule;
};

constexpr std::array kUpgrades = {
    UpgradeRule{"visitor", "staff", "R-173"},
    UpgradeRule{"visitor", "vip", "R-174"},
    UpgradeRule{"staff", "vip", "R-175"},
};

bool isAfterLock(PersonState state)
{
    return state == PersonState::ToBePaid || state == PersonState::ToBeReviewed ||
           state == PersonState::Passed;
}

int rankOf(const Edition& edition, const std::string& category)
{
    const Category* found = edition.findCategory(category);
    return found == nullptr ? 0 : found->rank;
}

bool isHighest(const Edition& edition, int rank)
{
    return std::none_of(edition.categories.begin(),
                        edition.categories.end(),
                        [rank](const Category& one) { return one.rank > rank; });
}

requests::Refusal notNow(const Person& person)
{
    requests::Refusal refusal =
        refusedBy("R-168",
                  "person_state_refuses",
                  {"The person's application is not at this step; reload the list and choose "
                   "persons to be categorized or locked.",
                   "该人员当前状态不能进行此操作，请刷新列表后选择待标记或待锁定的人员。"});
    refusal.parameters["state"] = toText(person.state);
    return refusal;
}

/// Of whoever sets or takes back a category.
Refused checkStep(const Person& person, const Edition& edition)
{
    if (edition.mode == Mode::ByOrganization && edition.holds("R-185")) {
        return refusedBy(
            "R-185",
            "organization_chooses",
            {"In this edition organizations choose the category when they enter a person; give the "
             "organization a quota instead.",
             "本届由单位在录入人员时选择标签，请为单位分配配额。"});
    }
    if (isAfterLock(person.state) && edition.holds("R-170")) {
        return refusedBy(
            "R-170",
            "category_is_final",
            {"The person was locked, so the category is final; cancel the application and apply "
             "anew if it must be another one.",
             "该人员已锁定提交，标签不可修改；如确需更改，请注销后重新申办。"});
    }
    if (person.state != PersonState::ToBeCategorized && person.state != PersonState::ToBeLocked) {
        return notNow(person);
    }
    return std::nullopt;
}

bool isOffered(const Edition& edition, const std::string& from, const std::string& to)
{
    const auto* found =
        std::find_if(kUpgrades.begin(), kUpgrades.end(), [&](const UpgradeRule& one) {
            return one.from == from && one.to == to;
        });
    return edition.reuse_upgrade && (found == kUpgrades.end() || edition.holds(found->rule));
}

/// Of a reused badge, from the category that it has now.
Refused checkUpgrade(const Person& person,
                     const Category& category,
                     const std::string& reason,
                     const Edition& edition)
{
    const int rank = rankOf(edition, person.category);
    if (!person.upgraded && isHighest(edition, rank) && edition.holds("R-177")) {
        return refusedBy("R-177",
                         "reused_category_is_fixed",
                         {"The reused badge has the highest category already, which can't be "
                          "changed; the person may apply for a new badge instead.",
                          "复用证件已为最高级别标签，无法修改；如需更改，请重新申办证件。"});
    }
    if (!mayBecome(true, rank, category.rank) && edition.holds("R-176")) {
        return refusedBy("R-176",
                         "reused_category_only_rises",
                         {"The category of a reused badge can only be upgraded; choose a higher "
                          "one, or take an upgrade back.",
                          "复用证件的标签只能升级，请选择更高级别的标签，或撤销升级。"});
    }
    if (category.rank > rank && !isOffered(edition, person.category, category.id)) {
        return refusedBy("E-10",
                         "upgrade_not_offered",
                         {"This edition does not offer this upgrade; the person may apply for a "
                          "new badge instead.",
                          "本届不提供该标签升级，请重新申办证件。"});
    }
    if (reason.empty() && edition.holds("R-179")) {
        return wrongField("R-179",
                          "upgrade_reason_missing",
                          "/reason",
                          {"An upgrade is for special circumstances; say which in the reason.",
                           "标签升级仅限特殊情况，请填写原因。"});
    }
    return std::nullopt;
}

void tellCategory(const Work& work, const Person& person)
{
    work.publish("person.categorized", person, {{"category", person.category}});
}

/// The place that a limited category held is free, also where the badge brought its own back.
void undoUpgrade(const Work& work, Person& person, const Edition& edition)
{
    giveBackPlace(work, person);
    person.upgraded = false;
    person.category.clear();
    bringCategory(work, person, edition);
    mustBeDone(work.move(person, PersonEvent::Categorize, edition), kStep);
    tellCategory(work, person);
}

Refused checkLock(const Work& work, const Person& person)
{
    if (person.state != PersonState::ToBeLocked) {
        return notNow(person);
    }
    const auto organization = work.rows().organization(person.organization_id);
    if (!organization || organization->state != OrganizationState::Approved) {
        return refusedBy("C-03",
                         "organization_not_approved",
                         {"The organization is not approved yet; review it first, then lock.",
                          "单位尚未审核通过，请先审核单位，再锁定提交。"});
    }
    return std::nullopt;
}

requests::Refusal categoryMissing()
{
    return refusedBy("R-169",
                     "category_missing",
                     {"The person has no category of this edition; set one, then lock.",
                      "该人员尚无本届标签，请先设置标签，再锁定提交。"});
}

void tellLocked(const Work& work, const Person& person, const Edition& edition)
{
    if (edition.holds("R-171")) {
        work.publish("person.locked",
                     person,
                     {{"category", person.category}, {"state", toText(person.state)}});
    }
    if (person.upgraded && edition.holds("R-178")) {
        work.publish("badge_reuse.upgraded", person, {{"category", person.category}});
    }
    if (person.state == PersonState::ToBeReviewed) {
        work.publish("person.to_be_reviewed", person, Json::object());
    }
}

} // namespace

Refused categorize(const Work& work,
                   Person& person,
                   const Category& category,
                   const std::string& reason,
                   const Edition& edition)
{
    if (auto refused = checkStep(person, edition)) {
        return refused;
    }
    if (person.category == category.id && person.state == PersonState::ToBeLocked) {
        return std::nullopt;
    }
    const bool is_upgrade = person.reuse && !person.category.empty();
    if (is_upgrade) {
        if (auto refused = checkUpgrade(person, category, reason, edition)) {
            return refused;
        }
    }
    if (auto refused = takePlace(work, person, category, edition)) {
        return refused;
    }
    person.upgraded = person.upgraded || is_upgrade;
    mustBeDone(work.move(person, PersonEvent::Categorize, edition, {"", reason}), kStep);
    tellCategory(work, person);
    return std::nullopt;
}

Refused uncategorize(const Work& work, Person& person, const Edition& edition)
{
    if (auto refused = checkStep(person, edition)) {
        return refused;
    }
    if (person.state == PersonState::ToBeCategorized) {
        return std::nullopt;
    }
    if (person.upgraded) {
        undoUpgrade(work, person, edition);
        return std::nullopt;
    }
    if (person.reuse) {
        return refusedBy("R-169",
                         "reused_category_stays",
                         {"A reused badge keeps the category that it brought; upgrade it, or let "
                          "the person apply for a new badge.",
                          "复用证件沿用原有标签，不能撤销；可升级标签，或重新申办证件。"});
    }
    giveBackPlace(work, person);
    person.category.clear();
    mustBeDone(work.move(person, PersonEvent::Uncategorize, edition), kStep);
    tellCategory(work, person);
    return std::nullopt;
}

Refused lock(const Work& work, Person& person, const Edition& edition)
{
    if (edition.mode == Mode::ByDelegation && isAfterLock(person.state)) {
        return std::nullopt;
    }
    if (auto refused = checkLock(work, person)) {
        return refused;
    }
    const Category* category = edition.findCategory(person.category);
    if (category == nullptr) {
        return categoryMissing();
    }
    // What a reused badge brought has no place yet: it came without asking.
    if (auto refused = takePlace(work, person, *category, edition)) {
        return refused;
    }
    mustBeDone(work.move(person, PersonEvent::Lock, edition), kStep);
    tellLocked(work, person, edition);
    return std::nullopt;
}

void bringCategory(const Work& work, Person& person, const Edition& edition)
{
    if (!person.reuse || !person.category.empty() || edition.mode != Mode::ByDelegation ||
        !edition.holds("R-169")) {
        return;
    }
    if (const auto past = work.rows().person(person.past_person_id)) {
        person.category = past->category;
    }
}

} // namespace registration
