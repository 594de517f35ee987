#include "api/editions.hpp"

#include "store/count_rows.hpp"
#include "store/edition_rows.hpp"

#include <set>

#include <requests/answers.hpp>

namespace registration {

namespace {

using requests::Refusal;
using requests::Violation;

Refusal packIsWrong(std::vector<Violation> violations)
{
    return {422,
            "pack_invalid",
            {"The rule pack contradicts itself; correct what is named and put it again.",
             "届次规则存在矛盾，请按提示更正后重新提交。"},
            std::move(violations)};
}

/// What a change would touch: applications that are under way.
Json affected(const hub::Snapshot& snapshot, const std::string& edition)
{
    Json counts;
    for (const char* what : {"organization", "person"}) {
        counts[what] = countsOf(snapshot, edition, "edition", edition, what);
    }
    return counts;
}

std::vector<Violation> checkTree(const Json& delegations)
{
    std::set<std::string> parents;
    std::vector<Violation> violations;
    for (std::size_t i = 0; i < delegations.size(); ++i) {
        const Json& one = delegations[i];
        const std::string parent = requests::textOf(one, "parent_id");
        if (parent.empty()) {
            parents.insert(requests::textOf(one, "delegation_id"));
        } else if (parents.count(parent) == 0) {
            violations.push_back(
                {"/delegations/" + std::to_string(i) + "/parent_id",
                 {"A sub-delegation follows its delegation, and there are two levels; put the "
                  "delegation before it.",
                  "分团须排在所属交易团之后，且仅有两级，请先列出交易团。"}});
        }
    }
    return violations;
}

/// Organizations, persons and quotas name both levels, so a sub-delegation stays where it is.
std::vector<Violation>
checkMoves(const hub::Snapshot& snapshot, const std::string& edition, const Json& delegations)
{
    std::vector<Violation> violations;
    for (std::size_t i = 0; i < delegations.size(); ++i) {
        const auto stored =
            findDelegation(snapshot, edition, requests::textOf(delegations[i], "delegation_id"));
        if (stored && stored->parent_id != requests::textOf(delegations[i], "parent_id")) {
            violations.push_back(
                {"/delegations/" + std::to_string(i) + "/parent_id",
                 {"A group stays at its level and in its delegation; put a new one under another "
                  "id and move its organizations there.",
                  "交易（分）团不能变更层级或所属交易团，请新建后将单位调整过去。"}});
        }
    }
    return violations;
}

} // namespace

hub::Answer putEdition(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    const std::string id = request.path.at("edition");
    std::vector<Violation> violations;
    if (requests::textOf(request.body, "edition") != id) {
        violations.push_back({"/edition",
                              {"The pack names another edition than the address; correct one.",
                               "规则中的届次与地址不一致，请更正。"}});
    }
    const auto edition = parsePack(request.body, violations);
    if (!violations.empty()) {
        return requests::refuse(packIsWrong(std::move(violations)));
    }
    const auto before = findPack(work.unit(), id);
    const std::int64_t revision = before ? before->revision + 1 : 1;
    const bool is_dry = requests::textOf(request.query, "dry_run") == "true";
    if (!is_dry) {
        putPack(work.unit(), id, {revision, request.body}, work.actor());
    }
    return requests::answered(200,
                              {{"edition", id},
                               {"revision", is_dry ? revision - 1 : revision},
                               {"dry_run", is_dry},
                               {"affects", affected(work.unit(), id)}});
}

hub::Answer showEdition(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string id = requests::readRequest(event.payload()).path.at("edition");
    const auto stored = findPack(snapshot, id);
    if (!stored) {
        return requests::refuse(
            {404,
             "edition_archived",
             {"There are no rules for this edition; past editions can only be looked up.",
              "该届次没有报名规则，往届仅可查询。"}});
    }
    return requests::answered(200, stored->pack, stored->revision);
}

hub::Answer putDelegations(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    const std::string edition = request.path.at("edition");
    const Json& delegations = request.body.at("delegations");
    auto violations = checkTree(delegations);
    if (violations.empty()) {
        violations = checkMoves(work.unit(), edition, delegations);
    }
    if (!violations.empty()) {
        return requests::refuse({422,
                                 "delegations_invalid",
                                 {"The delegations do not form a tree; correct what is named.",
                                  "交易团层级有误，请按提示更正。"},
                                 std::move(violations)});
    }
    for (const Json& one : delegations) {
        putDelegation(work.unit(),
                      edition,
                      {one.at("delegation_id").get<std::string>(),
                       requests::textOf(one, "parent_id"),
                       {one.at("name").at("en").get<std::string>(),
                        one.at("name").at("zh").get<std::string>()},
                       requests::textOf(one, "area")});
    }
    return requests::answered(200, {{"count", delegations.size()}});
}

hub::Answer listDelegations(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string edition = requests::readRequest(event.payload()).path.at("edition");
    Json list = Json::array();
    for (const Delegation& one : allDelegations(snapshot, edition)) {
        list.push_back({{"delegation_id", one.delegation_id},
                        {"parent_id", one.parent_id},
                        {"name", toJson(one.name)},
                        {"area", one.area}});
    }
    return requests::answered(200, {{"delegations", std::move(list)}});
}

hub::Answer answerEdition(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json question = Json::parse(event.payload());
    const auto stored = findPack(snapshot, requests::textOf(question, "edition"));
    const Json answer = {{"revision", stored ? stored->revision : 0},
                         {"pack", stored ? stored->pack : Json(nullptr)}};
    return {HUB_OK, "", answer.dump(), 0};
}

} // namespace registration
