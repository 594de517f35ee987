#include "api/past_persons.hpp"

#include "api/own_persons.hpp"
#include "domain/person_checks.hpp"
#include "domain/search_terms.hpp"
#include "flow/past_persons.hpp"
#include "flow/person_batches.hpp"
#include "flow/person_consents.hpp"
#include "store/person_rows.hpp"
#include "store/search_rows.hpp"

#include <array>
#include <charconv>
#include <map>

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;

/// 未申办
constexpr const char* kNotApplied = "not_applied";
constexpr std::array kFilters = {"edition", "document_number", "status"};

using Applications = std::map<std::string, BroughtPerson>;

/// The newest of each past person; live ones before those that ended.
Applications applicationsOf(const hub::Snapshot& snapshot, const std::string& organization_id)
{
    Applications applications;
    for (const BroughtPerson& one : broughtPersons(snapshot, organization_id)) {
        const auto found = applications.find(one.past_person_id);
        if (found == applications.end() || !isLive(found->second.state)) {
            applications[one.past_person_id] = one;
        }
    }
    return applications;
}

std::string statusOf(const Applications& applications, const std::string& past_person_id)
{
    const auto found = applications.find(past_person_id);
    return found == applications.end() ? kNotApplied : std::string{toText(found->second.state)};
}

bool mayApply(const Applications& applications, const std::string& past_person_id)
{
    const auto found = applications.find(past_person_id);
    return found == applications.end() || !isLive(found->second.state);
}

Json actionsOf(const PersonSubject& subject, const PastPerson& past, bool may_apply)
{
    const Edition& edition = subject.edition;
    Json actions = {"view"};
    if (!may_apply) {
        return actions;
    }
    if (edition.holds("R-150")) {
        actions.push_back("apply_anew");
    }
    const bool may_reuse =
        !edition.holds("R-151") ||
        reuseHindrances(past.person, past.organization, subject.organization, edition).empty();
    if (may_reuse && edition.holds("R-155")) {
        actions.push_back("reuse");
    }
    return actions;
}

Json shownLine(const PersonSubject& subject, const PastPerson& past, const Applications& all)
{
    const Person& person = past.person;
    Json row = {{"past_person_id", person.person_id},
                {"edition", person.edition},
                {"kind", person.kind},
                {"name", textOf(person.summary, "name")},
                {"sex", textOf(person.summary, "sex")},
                {"document_masked", textOf(person.summary, "document_masked")},
                {"position", textOf(person.summary, "position")},
                {"category", person.category},
                {"admission_period", person.admission_period},
                {"has_photo", !person.photo.empty()}};
    if (subject.edition.holds("R-097")) {
        row["status"] = statusOf(all, person.person_id);
        row["actions"] = actionsOf(subject, past, mayApply(all, person.person_id));
    }
    return row;
}

/// Ids of all editions that match, the latest edition first.
std::vector<std::string> findPastPersons(const hub::Snapshot& snapshot,
                                         const Request& request,
                                         const PersonSubject& subject,
                                         const Applications& applications)
{
    const std::string edition = textOf(request.query, "edition");
    const std::string status = textOf(request.query, "status");
    OwnPersonFilter filter;
    for (const std::string& term : wantedTerms(textOf(request.query, "document_number"))) {
        filter.terms.push_back(searchIndex(snapshot, term));
    }
    std::vector<std::string> ids;
    for (const Organization& past : pastOrganizations(ReadRows(snapshot), subject.organization)) {
        if (!edition.empty() && past.edition != edition) {
            continue;
        }
        constexpr std::size_t kAll = 100'000;
        for (std::string& id :
             findOwnPersons(snapshot, past.organization_id, past.edition, filter, {}, kAll)) {
            if (status.empty() || statusOf(applications, id) == status) {
                ids.push_back(std::move(id));
            }
        }
    }
    return ids;
}

/// Past editions change no more, so a place in the list is a number.
std::size_t readCursor(const Request& request)
{
    const std::string text = textOf(request.query, "cursor");
    std::size_t at = 0;
    std::from_chars(text.data(), text.data() + text.size(), at);
    return at;
}

std::optional<Refusal> refuseList(const Request& request, const PersonSubject& subject)
{
    if (auto refusal = refuseNewcomer(subject)) {
        return refusal;
    }
    for (const char* filter : kFilters) {
        if (auto refusal = refuseFilter(request, filter, "R-146", subject.edition)) {
            return refusal;
        }
    }
    return std::nullopt;
}

/// The application of this edition when there is one, else the past person as it would come in.
Person comparedWith(const hub::Snapshot& snapshot, const PersonSubject& subject, const Person& past)
{
    const auto applications = applicationsOf(snapshot, subject.organization.organization_id);
    const auto found = applications.find(past.person_id);
    const auto now = found == applications.end()
                         ? std::nullopt
                         : ReadRows(snapshot).person(found->second.person_id);
    return now.value_or(past);
}

BadgeAmounts amountsOfAll(const Work& work, const PersonSubject& subject, const Json& person_ids)
{
    BadgeAmounts sum;
    for (const Json& id : person_ids) {
        const auto past = pastPersonOf(work.rows(), subject.organization, id.get<std::string>());
        if (past) {
            const BadgeAmounts one = amountsOf(past->person, subject.edition);
            sum.reused_minor += one.reused_minor;
            sum.new_minor += one.new_minor;
        }
    }
    return sum;
}

std::optional<Refusal>
refuseUnconfirmedReuse(const Work& work, const PersonSubject& subject, const Json& body)
{
    const Edition& edition = subject.edition;
    if (edition.holds("R-142") && body.value("confirmed", false) &&
        !body.value("badge_kept", false)) {
        return refusedBy(409,
                         "R-142",
                         "badge_not_kept",
                         {"A badge that is lost or damaged can't be used again; apply anew.",
                          "证件遗失或损坏的不可复用，请选择重新申办。"});
    }
    if (!edition.holds("R-147") || body.value("confirmed", false)) {
        return std::nullopt;
    }
    const BadgeAmounts amounts = amountsOfAll(work, subject, body.at("person_ids"));
    Refusal refusal = refusedBy(409, "R-147", "confirmation_needed", reusePrompt(amounts));
    refusal.parameters["amount_minor"] = amounts.reused_minor;
    refusal.parameters["amount_minor_new"] = amounts.new_minor;
    return refusal;
}

/// They agreed to keep the data in another edition, which ended with it: all are asked anew.
Json consentsIn(const Json& body)
{
    return body.value("consents", Json::object());
}

std::optional<Refusal>
refuseApplication(const Work& work, const PersonSubject& subject, const Json& body)
{
    if (auto refusal = refuseClosed(subject.organization)) {
        return refusal;
    }
    if (auto refusal = refuseNewcomer(subject)) {
        return refusal;
    }
    if (body.at("person_ids").size() > 1) {
        if (auto refusal = refuseBatch(subject.edition, "R-146")) {
            return refusal;
        }
    }
    if (body.value("reuse", false)) {
        if (auto refusal = refuseUnconfirmedReuse(work, subject, body)) {
            return refusal;
        }
    }
    return refuseWithoutConsent(work.unit(), subject.edition, consentsIn(body));
}

} // namespace

hub::Answer listPastPersons(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const auto found = personSubject(snapshot, event, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseList(request, subject)) {
        return requests::refuse(*refusal);
    }
    const auto applications = applicationsOf(snapshot, subject.organization.organization_id);
    const auto ids = findPastPersons(snapshot, request, subject, applications);
    const std::size_t limit = pageLimit(request);
    std::size_t at = readCursor(request);
    const ReadRows rows(snapshot);
    Json lines = Json::array();
    for (; at < ids.size() && lines.size() < limit; ++at) {
        if (const auto past = pastPersonOf(rows, subject.organization, ids[at])) {
            lines.push_back(shownLine(subject, *past, applications));
        }
    }
    return requests::answered(200,
                              {{"persons", std::move(lines)},
                               {"total", ids.size()},
                               {"next_cursor", at < ids.size() ? std::to_string(at) : ""}});
}

hub::Answer showPastPerson(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const auto found = personSubject(snapshot, event, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseNewcomer(subject)) {
        return requests::refuse(*refusal);
    }
    const auto past = pastPersonOf(
        ReadRows(snapshot), subject.organization, textOf(request.path, "past_person_id"));
    if (!past) {
        return requests::refuse(personNotFound());
    }
    const auto applications = applicationsOf(snapshot, subject.organization.organization_id);
    const Person now = comparedWith(snapshot, subject, past->person);
    const BadgeAmounts amounts = amountsOf(past->person, subject.edition);
    Json body = shownLine(subject, *past, applications);
    body["form"] = formOf(past->person, subject.edition);
    body["face"] =
        toJson(compareFaces(past->person, past->organization, now, subject.organization));
    body["hindrances"] = toJson(
        reuseHindrances(past->person, past->organization, subject.organization, subject.edition));
    body["amount_minor_reused"] = amounts.reused_minor;
    body["amount_minor_new"] = amounts.new_minor;
    body["prompt"] = requests::toJson(reusePrompt(amounts));
    return requests::answered(200, std::move(body));
}

hub::Answer applyPastPersons(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseApplication(work, subject, request.body)) {
        return requests::refuse(*refusal);
    }
    const bool reuses = request.body.value("reuse", false);
    return answerBatch(request.body.at("person_ids"),
                       [&](const std::string& id, Json& result) -> std::optional<Refusal> {
                           const auto past = pastPersonOf(work.rows(), subject.organization, id);
                           if (!past) {
                               return personNotFound();
                           }
                           auto brought = bringPerson(work, subject, *past, reuses);
                           if (auto* refusal = std::get_if<Refusal>(&brought)) {
                               return std::move(*refusal);
                           }
                           const auto& person = std::get<Person>(brought);
                           keepConsents(
                               work, subject.edition, person.person_id, consentsIn(request.body));
                           result["new_person_id"] = person.person_id;
                           result["state"] = toText(person.state);
                           result["reuse"] = person.reuse;
                           return std::nullopt;
                       });
}

} // namespace registration
