#include "api/reviews.hpp"

#include "api/organizations.hpp"
#include "domain/times.hpp"
#include "flow/opening.hpp"
#include "flow/reviewing.hpp"
#include "store/consent_rows.hpp"
#include "store/move_rows.hpp"

namespace registration {

namespace {

using requests::Refusal;
using requests::textOf;

/// The same as for what does not exist: nobody learns what others may do.
Refusal notYours()
{
    return notFound({"There is no such organization for you to decide about; look at its number.",
                     "没有可由您处理的该单位，请核对编号。"});
}

Refusal reasonMissing()
{
    Refusal refusal = broken(422,
                             "reason_missing",
                             "R-181",
                             {"Say why; the contact reads it and corrects what is wrong.",
                              "请填写原因，以便单位联络员据此修改。"});
    refusal.violations.push_back(
        {"/reason", {"Say why; the contact reads it.", "请填写原因，联络员将会看到。"}});
    return refusal;
}

Refusal noMove()
{
    return notFound({"Nobody has asked to move this organization.", "没有该单位的调整申请。"});
}

hub::Answer answerOr(const std::optional<Refusal>& refusal, const Organization& organization)
{
    return refusal ? requests::refuse(*refusal)
                   : requests::answered(200, organizationBody(organization), organization.revision);
}

std::optional<OrganizationEvent> eventOf(std::string_view decision)
{
    if (decision == "approve") {
        return OrganizationEvent::Approve;
    }
    if (decision == "reject") {
        return OrganizationEvent::Reject;
    }
    return decision == "return" ? std::optional(OrganizationEvent::Return) : std::nullopt;
}

/// A delegation, or the organizer: not a sub-delegation, which has nothing to give away.
bool isAboveSub(const Access& access)
{
    return access.isAboutEdition() || access.node().kind == "delegation";
}

void note(const Work& work,
          const Organization& organization,
          std::string_view event,
          std::string_view reason)
{
    const std::string state{toText(organization.state)};
    work.rows().note({organization.organization_id,
                      std::string(event),
                      state,
                      state,
                      std::string(reason),
                      work.actor()});
}

/// A move of the organization that waits for whoever asks: for the other delegation, to which the
/// organization itself is not visible yet.
struct Waiting {
    Organization organization;
    Edition edition;
    Move move;
};

std::optional<Waiting> findWaiting(const Work& work, const Access& access, const std::string& id)
{
    auto move = findMove(work.unit(), id);
    auto organization = move ? work.rows().organization(id) : std::nullopt;
    auto edition = organization ? work.edition(organization->edition) : std::nullopt;
    if (!edition) {
        return std::nullopt;
    }
    Organization there = *organization;
    there.delegation_id = move->to_delegation_id;
    there.sub_delegation_id = "";
    if (!isStaff(access) || !isAboveSub(access) || !access.mayAct(there)) {
        return std::nullopt;
    }
    return Waiting{std::move(*organization), std::move(*edition), std::move(*move)};
}

} // namespace

hub::Answer reviewOrganization(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        const Json& body = opened.request.body;
        const auto event = eventOf(textOf(body, "decision"));
        const std::string reason = textOf(body, "reason");
        const bool may = isStaff(opened.access) && opened.edition.holds("R-181") &&
                         opened.edition.holds("R-009");
        if (!may || !event) {
            return requests::refuse(notYours());
        }
        if (*event != OrganizationEvent::Approve && reason.empty()) {
            return requests::refuse(reasonMissing());
        }
        return answerOr(decide(work, opened.organization, opened.edition, {*event, reason}),
                        opened.organization);
    });
}

hub::Answer disableOrganization(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        if (!opened.access.isAboutEdition()) {
            return requests::refuse(notYours());
        }
        const std::string reason = textOf(opened.request.body, "reason");
        return answerOr(
            decide(work, opened.organization, opened.edition, {OrganizationEvent::Disable, reason}),
            opened.organization);
    });
}

hub::Answer reassignOrganization(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        if (!isStaff(opened.access) || !isAboveSub(opened.access)) {
            return requests::refuse(notYours());
        }
        return answerOr(reassign(work,
                                 opened.organization,
                                 opened.edition,
                                 textOf(opened.request.body, "sub_delegation_id")),
                        opened.organization);
    });
}

hub::Answer moveOrganization(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        Organization& organization = opened.organization;
        if (!isStaff(opened.access) || !isAboveSub(opened.access)) {
            return requests::refuse(notYours());
        }
        const Json& body = opened.request.body;
        const std::string to = textOf(body, "delegation_id");
        const std::string sub = textOf(body, "sub_delegation_id");
        const std::string reason = textOf(body, "reason");
        if (const auto refusal = checkPlace(work, opened.edition, to, sub)) {
            return requests::refuse(*refusal);
        }
        if (opened.access.isAboutEdition()) {
            return answerOr(moveTo(work, organization, opened.edition, to, sub, reason),
                            organization);
        }
        if (!next(organization.state, OrganizationEvent::Move, opened.edition.mode)) {
            return requests::refuse(stateForbids(organization));
        }
        putMove(work.unit(),
                {organization.organization_id,
                 organization.edition,
                 to,
                 sub,
                 reason,
                 work.actor(),
                 work.nowMs()});
        note(work, organization, "ask_move", reason);
        return requests::answered(202, organizationBody(organization));
    });
}

hub::Answer acceptMove(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    const Access access = Access::of(request, work.event());
    auto waiting = findWaiting(work, access, request.path.at("organization_id"));
    if (!waiting) {
        return requests::refuse(noMove());
    }
    // The one that it comes to knows its sub-delegations best.
    const std::string sub =
        request.body.value("sub_delegation_id", waiting->move.to_sub_delegation_id);
    return answerOr(moveTo(work,
                           waiting->organization,
                           waiting->edition,
                           waiting->move.to_delegation_id,
                           sub,
                           waiting->move.reason),
                    waiting->organization);
}

hub::Answer endMove(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    const Access access = Access::of(request, work.event());
    const std::string id = request.path.at("organization_id");
    const auto organization = work.rows().organization(id);
    const bool is_giver = organization && isStaff(access) && access.mayAct(*organization);
    const bool is_asked = findMove(work.unit(), id) && (is_giver || findWaiting(work, access, id));
    if (!is_asked) {
        return requests::refuse(noMove());
    }
    removeMove(work.unit(), id);
    note(work, *organization, "end_move", "");
    return requests::answered(200, Json::object());
}

hub::Answer listMoves(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const requests::Request request = requests::readRequest(event.payload());
    const Access access = Access::of(request, event);
    Json list = Json::array();
    if (isStaff(access) && isAboveSub(access)) {
        const std::string edition = request.path.at("edition");
        for (const Move& move : movesTo(snapshot, edition, access.node().id)) {
            const auto organization = ReadRows(snapshot).organization(move.organization_id);
            list.push_back({{"organization_id", move.organization_id},
                            {"name", organization ? organization->name : ""},
                            {"delegation_id", move.to_delegation_id},
                            {"sub_delegation_id", move.to_sub_delegation_id},
                            {"reason", move.reason},
                            {"asked_ms", move.asked_ms}});
        }
    }
    return requests::answered(200, {{"moves", std::move(list)}});
}

hub::Answer grantException(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        const auto until = parseInstant(textOf(opened.request.body, "until"));
        if (!opened.access.isAboutEdition()) {
            return requests::refuse(notYours());
        }
        if (!until) {
            return requests::refuse(
                {422,
                 "instant_invalid",
                 {"An instant looks like 2026-10-25T24:00:00+08:00; correct it.",
                  "时间格式应为 2026-10-25T24:00:00+08:00，请更正。"},
                 {{"/until", {"This is no instant of Shanghai's time.", "不是有效的北京时间。"}}}});
        }
        const std::string deadline = opened.request.path.at("deadline");
        const std::string reason = textOf(opened.request.body, "reason");
        putException(work.unit(),
                     opened.organization.organization_id,
                     {deadline, *until, reason, work.actor(), work.nowMs()});
        note(work, opened.organization, "grant_exception", reason);
        return requests::answered(200, {{"deadline", deadline}, {"until_ms", *until}});
    });
}

} // namespace registration
