#include "domain/badge_face.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace registration {

namespace {

using requests::textOf;

void add(PersonRemarks& remarks, const char* rule, const char* code, Words words)
{
    remarks.push_back({rule, code, "", std::move(words)});
}

bool isSourceEdition(const Person& past, const Edition& edition)
{
    const auto& from = edition.reuse_from;
    return std::find(from.begin(), from.end(), past.edition) != from.end();
}

} // namespace

std::vector<FaceField> compareFaces(const Person& past,
                                    const Organization& past_organization,
                                    const Person& now,
                                    const Organization& organization)
{
    return {
        {"name", {"Name", "姓名"}, textOf(past.document, "name"), textOf(now.document, "name")},
        {"organization", {"Organization", "所在单位"}, past_organization.name, organization.name},
        {"delegation",
         {"Delegation", "所在交易团"},
         past_organization.delegation_id,
         organization.delegation_id},
        {"category", {"Category", "人员标签"}, past.category, now.category},
        {"photo", {"Photo", "证件照片"}, past.photo, now.photo},
        {"admission_period",
         {"Admission period", "入场日期"},
         past.admission_period,
         now.admission_period},
    };
}

bool isSameFace(const std::vector<FaceField>& face)
{
    return std::all_of(face.begin(), face.end(), [](const FaceField& one) { return one.isSame(); });
}

Json toJson(const std::vector<FaceField>& face)
{
    Json list = Json::array();
    for (const FaceField& one : face) {
        list.push_back({{"field", one.name},
                        {"title", requests::toJson(one.title)},
                        {"past", one.past},
                        {"now", one.now},
                        {"same", one.isSame()}});
    }
    return list;
}

PersonRemarks reuseHindrances(const Person& past,
                              const Organization& past_organization,
                              const Organization& organization,
                              const Edition& edition)
{
    PersonRemarks remarks;
    if (edition.holds("R-140") && (!isSourceEdition(past, edition) || !hasPassed(past))) {
        add(remarks,
            "R-140",
            "reuse_not_offered",
            {"Only badges of the editions that this one names, whose holders passed the review, "
             "can be used again; apply anew.",
             "仅限指定届次且已通过审核的证件可复用，请选择重新申办。"});
    }
    const AdmissionPeriod* const period = edition.findPeriod(past.admission_period);
    if (period == nullptr || !period->reuse_allowed) {
        add(remarks,
            "C-06",
            "reuse_not_for_period",
            {"Badges of this admission period are not used again; apply anew.",
             "该入场日期的证件不支持复用，请选择重新申办。"});
    }
    if (edition.findCategory(past.category) == nullptr) {
        add(remarks,
            "R-141",
            "badge_face_changed",
            {"This edition has no such category; apply anew.", "本届无该标签，请选择重新申办。"});
    }
    if (edition.holds("R-141") && past_organization.name != organization.name) {
        add(remarks,
            "R-141",
            "badge_face_changed",
            {"The organization's name on the badge has changed; apply anew.",
             "证件上的单位名称已变更，请选择重新申办。"});
    }
    if (edition.holds("R-141") && past_organization.delegation_id != organization.delegation_id) {
        add(remarks,
            "R-141",
            "badge_face_changed",
            {"The delegation on the badge has changed; apply anew.",
             "证件上的交易团已变更，请选择重新申办。"});
    }
    return remarks;
}

bool hasPassed(const Person& past)
{
    return past.state == PersonState::Passed ||
           (past.state == PersonState::Archived && past.reason == toText(PersonState::Passed));
}

std::int64_t amountFor(const Edition& edition,
                       const std::string& category,
                       const std::string& period,
                       bool reuses_badge)
{
    return edition.amountOf(category, period, reuses_badge && edition.holds("R-148")).value_or(0);
}

std::string shownAmount(std::int64_t amount_minor)
{
    return fmt::format("CNY {}.{:02}", amount_minor / 100, amount_minor % 100);
}

} // namespace registration
