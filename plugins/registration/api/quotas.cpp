#include "api/quotas.hpp"

#include "domain/weakness.hpp"
#include "flow/access.hpp"
#include "flow/quotas.hpp"
#include "flow/read_mode.hpp"
#include "flow/rule.hpp"
#include "store/edition_rows.hpp"

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;

/// Where a node stands: its groups, as grants name them.
struct Standing {
    std::string delegation_id;
    std::string sub_delegation_id;
};

/// Nothing when the node does not exist in the edition.
std::optional<Standing>
standingOf(const hub::Snapshot& snapshot, const std::string& edition, const QuotaNode& node)
{
    if (node.kind == "edition") {
        return node.id == edition ? std::optional(Standing{}) : std::nullopt;
    }
    if (node.kind == "organization") {
        const auto found = ReadRows(snapshot).organization(node.id);
        return found && found->edition == edition
                   ? std::optional(Standing{found->delegation_id, found->sub_delegation_id})
                   : std::nullopt;
    }
    if (node.kind == "delegation" && node.id == kNoDelegation) {
        return Standing{kNoDelegation, ""};
    }
    const auto found = findDelegation(snapshot, edition, node.id);
    if (!found || found->parent_id.empty() != (node.kind == "delegation")) {
        return std::nullopt;
    }
    return found->parent_id.empty() ? Standing{node.id, ""} : Standing{found->parent_id, node.id};
}

/// A node belongs to whoever works for one of its groups; the edition to the organizer.
bool isOwn(const Access& access, const QuotaNode& node, const Standing& standing)
{
    return access.isAboutEdition() ||
           (node.kind == "organization" && access.ownOrganization() == node.id) ||
           access.mayActFor(standing.delegation_id, standing.sub_delegation_id);
}

/// Who gives the node its quota: whoever the node above belongs to. What is below a delegation is
/// not the organizer's to give, but for those without one.
bool mayGive(const Access& access, const QuotaNode& node, const Standing& standing)
{
    if (node.kind == "edition" || node.kind == "delegation") {
        return access.isAboutEdition();
    }
    if (access.isAboutEdition()) {
        return standing.delegation_id == kNoDelegation;
    }
    return node.kind == "sub_delegation"
               ? access.mayActFor(standing.delegation_id, "")
               : access.mayActFor(standing.delegation_id, standing.sub_delegation_id);
}

Refusal noSuchNode()
{
    return notFound({"There is no such group or organization in this edition; correct the node.",
                     "本届没有该交易（分）团或单位，请更正。"});
}

Refused checkNode(const hub::Snapshot& snapshot,
                  const Access& access,
                  const QuotaNode& node,
                  const Edition& edition)
{
    const auto standing = standingOf(snapshot, edition.id, node);
    if (!standing || !isOwn(access, node, *standing)) {
        return noSuchNode();
    }
    if (node.kind == "organization" &&
        (edition.mode == Mode::ByDelegation || !edition.holds("R-185"))) {
        return wrongField(
            "R-185",
            "organization_holds_no_quota",
            "/node_kind",
            {"In this edition delegations categorize, so organizations hold no quota; "
             "give it to the delegation or sub-delegation.",
             "本届由交易（分）团设置标签，单位不持有配额，请分配给交易（分）团。"});
    }
    if (!mayGive(access, node, *standing)) {
        return refusedBy("4.17",
                         "quota_given_by_others",
                         {"The node above gives this quota; ask it for a change.",
                          "该配额由上级分配，请向上级申请调整。"},
                         403);
    }
    return std::nullopt;
}

Refused give(const Work& work, const Access& access, const Json& wish, const Edition& edition)
{
    const QuotaNode node = {requests::textOf(wish, "node_kind"), requests::textOf(wish, "node_id")};
    if (auto refused = checkNode(work.unit(), access, node, edition)) {
        return refused;
    }
    const Category* category = edition.findCategory(requests::textOf(wish, "category"));
    if (category == nullptr || !category->limited) {
        return wrongField("R-162",
                          "category_without_quota",
                          "/category",
                          {"Only limited categories of this edition have a quota; choose one.",
                           "仅本届限额标签有配额，请选择限额标签。"});
    }
    auto refused = giveQuota(work, node, *category, wish.at("total").get<std::int64_t>(), edition);
    if (refused) {
        refused->violations.push_back({"/total", refused->detail});
    }
    return refused;
}

Json lineOf(const Category& category, const Quota& quota)
{
    return {{"category", category.id},
            {"title", toJson(category.title)},
            {"color", category.color},
            {"limited", true},
            {"used", quota.used()},
            {"total", quota.total},
            {"allocated", quota.allocated},
            {"reserved", quota.reserved}};
}

/// Unlimited categories show only how many have them.
Json linesOf(const hub::Snapshot& snapshot, const Edition& edition, const QuotaNode& node)
{
    Json lines = Json::array();
    for (const Category& category : edition.categories) {
        if (category.limited) {
            const Quota quota = findQuota(snapshot, edition.id, node, category.id);
#ifdef HUB_CHAOS
            if (REGISTRATION_WEAK("quota-check-in-read")) {
                rememberShown(edition.id, quota);
            }
#endif
            lines.push_back(lineOf(category, quota));
        } else {
            lines.push_back({{"category", category.id},
                             {"title", toJson(category.title)},
                             {"color", category.color},
                             {"limited", false},
                             {"used", countCategorized(snapshot, edition.id, node, category.id)}});
        }
    }
    return lines;
}

Json belowOf(const hub::Snapshot& snapshot, const Edition& edition, const QuotaNode& node)
{
    Json below = Json::array();
    for (const Quota& quota : quotasBelow(snapshot, edition.id, node)) {
        below.push_back({{"node_kind", quota.node.kind},
                         {"node_id", quota.node.id},
                         {"category", quota.category},
                         {"used", quota.used()},
                         {"total", quota.total}});
    }
    return below;
}

QuotaNode askedNode(const Request& request, const Access& access, const std::string& edition)
{
    const std::string kind = requests::textOf(request.query, "node_kind");
    if (!kind.empty()) {
        return {kind, requests::textOf(request.query, "node_id")};
    }
    const Access::Node own = access.node();
    return own.kind.empty() ? QuotaNode{"edition", edition} : QuotaNode{own.kind, own.id};
}

} // namespace

hub::Answer putQuotas(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const Access access = Access::of(request, work.event());
    const auto edition = work.edition(requests::textOf(request.path, "edition"));
    if (!edition) {
        return requests::refuse(editionArchived());
    }
    const Json& wishes = request.body.at("quotas");
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        if (auto refused = give(work, access, wishes[i], *edition)) {
            for (requests::Violation& violation : refused->violations) {
                violation.pointer = "/quotas/" + std::to_string(i) + violation.pointer;
            }
            return requests::refuse(*refused);
        }
    }
    return requests::answered(200, {{"count", wishes.size()}});
}

hub::Answer showQuotas(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const Access access = Access::of(request, event);
    const auto edition = findEdition(snapshot, requests::textOf(request.path, "edition"));
    if (!edition) {
        return requests::refuse(editionArchived());
    }
    const QuotaNode node = askedNode(request, access, edition->id);
    const auto standing = standingOf(snapshot, edition->id, node);
    if (!standing || !isOwn(access, node, *standing)) {
        return requests::refuse(noSuchNode());
    }
    Json body = {{"node_kind", node.kind},
                 {"node_id", node.id},
                 {"below", belowOf(snapshot, *edition, node)}};
    if (edition->holds("R-161")) {
        body["lines"] = linesOf(snapshot, *edition, node);
    }
    return requests::answered(200, std::move(body));
}

} // namespace registration
