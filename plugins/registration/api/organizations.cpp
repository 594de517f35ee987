#include "api/organizations.hpp"

#include "domain/automatic_review.hpp"
#include "domain/progress.hpp"
#include "flow/deadlines.hpp"
#include "flow/opening.hpp"
#include "store/count_rows.hpp"
#include "store/list_rows.hpp"

#include <algorithm>
#include <charconv>

#include <identifiers/text.hpp>

namespace registration {

namespace {

using requests::Refusal;
using requests::textOf;

constexpr std::int64_t kLimit = 50;
constexpr std::int64_t kLimitMax = 200;

std::int64_t numberIn(const std::string& text, std::int64_t otherwise)
{
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stopped == end ? value : otherwise;
}

std::string cursorOf(const Organization& last)
{
    return std::to_string(last.submitted_ms) + "." + last.organization_id;
}

/// "1777593600000.0198…"; what is no cursor begins at the start.
void readCursor(const std::string& cursor, OrganizationFilter& filter)
{
    const auto dot = cursor.find('.');
    if (dot != std::string::npos) {
        filter.after_ms = numberIn(cursor.substr(0, dot), -1);
        filter.after_id = cursor.substr(dot + 1);
    }
}

OrganizationFilter filterOf(const requests::Request& request, const Access& access)
{
    const Access::Node node = access.node();
    OrganizationFilter filter;
    filter.edition = request.path.at("edition");
    filter.node_kind = node.kind;
    filter.node_id = node.id;
    // The organizer may look at one group, its own "none" too (C-02).
    const std::string delegation = textOf(request.query, "delegation_id");
    if (node.kind.empty() && !delegation.empty()) {
        filter.node_kind = "delegation";
        filter.node_id = delegation;
    }
    filter.state = textOf(request.query, "state");
    filter.name = textOf(request.query, "name");
    filter.code = identifiers::normalizeCode(textOf(request.query, "code")).value;
    filter.limit =
        std::clamp(numberIn(textOf(request.query, "limit"), kLimit), std::int64_t{1}, kLimitMax);
    readCursor(textOf(request.query, "cursor"), filter);
    return filter;
}

Json totalsOf(const hub::Snapshot& snapshot, const OrganizationFilter& filter)
{
    const bool is_edition = filter.node_kind.empty();
    return countsOf(snapshot,
                    filter.edition,
                    is_edition ? "edition" : filter.node_kind,
                    is_edition ? filter.edition : filter.node_id,
                    "organization");
}

Refusal noSuchState()
{
    return {422,
            "state_unknown",
            {"There is no such state; leave it out, or choose one of the list.",
             "没有该状态，请留空或从列表中选择。"}};
}

/// For both archived and present applications: what may be looked up whatever the edition.
std::optional<Organization> findForReading(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const requests::Request request = requests::readRequest(event.payload());
    auto organization =
        ReadRows(snapshot).organization(request.path.at("organization_id").get<std::string>());
    const bool is_seen = organization && Access::of(request, event).mayAct(*organization);
    return is_seen ? std::move(organization) : std::nullopt;
}

Refusal noSuchOrganization()
{
    return notFound(
        {"There is no such organization; look at its number.", "没有该单位，请核对编号。"});
}

Json stepBody(const ProgressStep& step, const Edition& edition)
{
    Json body = {{"step", step.id}, {"title", requests::toJson(step.title)}};
    if (edition.holds("R-054")) {
        body["page"] = step.page;
    }
    if (!step.is_counted || edition.holds("R-056")) {
        body["done"] = step.done ? Json(*step.done) : Json(nullptr);
        body["total"] = step.total;
    }
    return body;
}

void addEnd(const hub::Snapshot& snapshot, const Opened& opened, Json& body)
{
    if (const auto end = registrationEndOf(snapshot, opened.organization, opened.edition)) {
        body["registration_end_ms"] = *end;
    }
}

} // namespace

Json organizationBody(const Organization& organization)
{
    Json body = {{"organization_id", organization.organization_id},
                 {"edition", organization.edition},
                 {"region", organization.region},
                 {"class", organization.organization_class},
                 {"name", organization.name},
                 {"social_credit_code", organization.social_credit_code},
                 {"delegation_id", organization.delegation_id},
                 {"sub_delegation_id", organization.sub_delegation_id},
                 {"referral_code", organization.referral_code},
                 {"purposes", organization.purposes},
                 {"past", !organization.past_organization_id.empty()},
                 {"licence", organization.licence},
                 {"state", toText(organization.state)},
                 {"reason", organization.reason},
                 {"revision", organization.revision},
                 {"submitted_ms", organization.submitted_ms},
                 {"decided_ms", organization.decided_ms}};
    const Words words = wordsOfJudgement(organization.reason);
    body["why"] = words.en.empty() ? Json(nullptr) : requests::toJson(words);
    return body;
}

hub::Answer showOrganization(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto organization = findForReading(snapshot, event);
    if (!organization) {
        return requests::refuse(noSuchOrganization());
    }
    return requests::answered(200, organizationBody(*organization), organization->revision);
}

hub::Answer listOrganizationsOf(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const requests::Request request = requests::readRequest(event.payload());
    const Access access = Access::of(request, event);
    if (!isStaff(access)) {
        return requests::refuse(noSuchOrganization());
    }
    OrganizationFilter filter = filterOf(request, access);
    if (!filter.state.empty() && !findOrganizationState(filter.state)) {
        return requests::refuse(noSuchState());
    }
    const std::int64_t limit = filter.limit++;
    const ReadRows rows(snapshot);
    Json list = Json::array();
    std::string cursor;
    for (const std::string& id : listOrganizations(snapshot, filter)) {
        if (static_cast<std::int64_t>(list.size()) == limit) {
            const auto& last = list.back();
            cursor =
                cursorOf(rows.organization(last["organization_id"].get<std::string>()).value());
            break;
        }
        list.push_back(organizationBody(rows.organization(id).value()));
    }
    Json body = {{"organizations", std::move(list)}, {"totals", totalsOf(snapshot, filter)}};
    if (!cursor.empty()) {
        body["next"] = cursor;
    }
    return requests::answered(200, std::move(body));
}

hub::Answer showHistory(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto organization = findForReading(snapshot, event);
    if (!organization) {
        return requests::refuse(noSuchOrganization());
    }
    Json steps = Json::array();
    for (const HistoryEntry& entry : historyOf(snapshot, organization->organization_id)) {
        const Words words = wordsOfJudgement(entry.step.reason);
        steps.push_back({{"event", entry.step.event},
                         {"before", entry.step.before},
                         {"after", entry.step.after},
                         {"reason", entry.step.reason},
                         {"why", words.en.empty() ? Json(nullptr) : requests::toJson(words)},
                         {"actor", entry.step.actor},
                         {"at_ms", entry.at_ms}});
    }
    return requests::answered(200, {{"history", std::move(steps)}});
}

hub::Answer showProgress(const hub::Snapshot& snapshot, const hub::Event& event)
{
    return withOrganization(snapshot, event, [&](const Opened& opened) {
        const Organization& organization = opened.organization;
        const Edition& edition = opened.edition;
        Json steps = Json::array();
        if (edition.holds("R-055")) {
            const auto persons = countsOf(
                snapshot, edition.id, "organization", organization.organization_id, "person");
            for (const ProgressStep& step : progressOf(organization, persons)) {
                steps.push_back(stepBody(step, edition));
            }
        }
        Json body = {{"steps", std::move(steps)}, {"state", toText(organization.state)}};
        if (edition.holds("R-052")) {
            body["welcome"] = organization.name;
        }
        const bool is_open =
            next(organization.state, OrganizationEvent::Submit, edition.mode).has_value();
        if (edition.holds("R-057") && is_open) {
            body["reminder"] =
                requests::toJson({"When the organization and its persons are complete, press "
                                  "\"confirm submit\"; only "
                                  "then the review begins.",
                                  "单位及人员信息填写完成后，须点击“确认提交”后进行下一步审核。"});
        }
        const auto& purposes = organization.purposes;
        const bool is_investor =
            std::find(purposes.begin(), purposes.end(), "investment_promotion") != purposes.end();
        if (edition.holds("R-074")) {
            body["columns"] = is_investor ? Json::array({"investment_promotion"}) : Json::array();
        }
        addEnd(snapshot, opened, body);
        return requests::answered(200, std::move(body));
    });
}

hub::Answer listPast(const hub::Snapshot& snapshot, const hub::Event& event)
{
    return withOrganization(snapshot, event, [&](const Opened& opened) {
        const Organization& organization = opened.organization;
        const Edition& edition = opened.edition;
        const bool is_linked = !organization.past_organization_id.empty();
        const bool is_approved = organization.state == OrganizationState::Approved;
        // Whoever could not prove it sees nothing until the delegation has looked at the licence.
        const bool is_seen =
            is_linked || !edition.holds("R-047") || (is_approved && edition.holds("R-048"));
        Json past = Json::array();
        if (is_seen) {
            auto ids = pastOrganizations(snapshot, edition.id, organization.social_credit_code);
            if (is_linked &&
                std::find(ids.begin(), ids.end(), organization.past_organization_id) == ids.end()) {
                ids.insert(ids.begin(), organization.past_organization_id);
            }
            for (const std::string& id : ids) {
                const auto one = ReadRows(snapshot).organization(id);
                if (one) {
                    past.push_back(
                        {{"organization_id", id}, {"edition", one->edition}, {"name", one->name}});
                }
            }
        }
        return requests::answered(200, {{"past", std::move(past)}});
    });
}

} // namespace registration
