#include "api/persons.hpp"

#include "flow/person_batches.hpp"
#include "flow/person_consents.hpp"
#include "flow/person_drafts.hpp"

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;
using Kind = identifiers::PersonKind;

Kind kindOf(const Person& person)
{
    return findPersonKind(person.kind).value_or(Kind::Mainland);
}

/// In an edition that does not ask for it, everybody is of the mainland.
std::optional<Kind> wantedKind(const std::string& name, const Edition& edition)
{
    return edition.holds("R-080") ? findPersonKind(name) : Kind::Mainland;
}

Refusal kindIsMissing()
{
    return refusedBy(422,
                     "person_kind_unknown",
                     {"First choose one of the four kinds of persons.", "请先选择人员类型。"},
                     {{"R-080",
                       "person_kind_unknown",
                       "/kind",
                       {"Choose mainland, hongkong_macao_taiwan, overseas or resident_abroad.",
                        "请选择中国大陆、港澳台、其他国家或地区、中国（永居海外）之一。"}}});
}

void addForm(Json& body, Kind kind, const Edition& edition)
{
    body["fields"] = toJson(personFieldsOf(kind, edition), kind, edition);
    if (edition.holds("R-080")) {
        body["kinds"] = personKinds();
    }
    if (edition.holds("R-090")) {
        body["notice"] = requests::toJson(
            {"Information that is not standard or not true affects the application for the badge.",
             "个人信息填写不规范或不真实，将影响证件办理。"});
    }
}

/// What a client learns of a change; nothing personal, since answers to keys are kept.
Json changed(const Person& person, const PersonReview& review)
{
    return {{"person_id", person.person_id},
            {"state", toText(person.state)},
            {"revision", person.revision},
            {"reuse", person.reuse},
            {"problems", toJson(review.problems)},
            {"warnings", toJson(review.warnings)}};
}

Json shown(const hub::Snapshot& snapshot, const Person& person, const Edition& edition)
{
    Json body = changed(person, reviewOf(snapshot, person, edition));
    body["kind"] = person.kind;
    body["reason"] = reasonOf(person.reason, person.summary);
    body["category"] = person.category;
    body["order_id"] = person.order_id;
    body["past_person_id"] = person.past_person_id;
    body["has_photo"] = !person.photo.empty();
    body["form"] = formOf(person, edition);
    body["consents"] =
        shownConsents(snapshot, person.person_id, kPersonConsents, edition).at("consents");
    addForm(body, kindOf(person), edition);
    return body;
}

std::optional<Refusal> refuseFrozen(const Person& person, const Edition& edition)
{
    const bool may_change = person.state == PersonState::Saved ||
                            (person.state == PersonState::Submitted && !edition.holds("R-088"));
    if (may_change) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-088",
                     "person_frozen",
                     {"A submitted person can't be changed. Ask for its cancellation, and add the "
                      "person anew.",
                      "人员提交后不可修改，如需更改请申请注销后重新填报。"});
}

/// The form and the reuse of a changed person; nothing was written when it is refused.
std::optional<Refusal>
change(const Work& work, const PersonSubject& subject, Person& person, const Json& body)
{
    if (auto refusal = fillDraft(work, person, body.at("form"), subject.edition)) {
        return refusal;
    }
    return settleReuse(work, subject, person, body.value("new_badge", false));
}

} // namespace

hub::Answer showPersonForm(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const auto found = personSubject(snapshot, event, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const Edition& edition = std::get<PersonSubject>(found).edition;
    const auto kind = wantedKind(textOf(request.query, "kind"), edition);
    if (!kind) {
        return requests::refuse(kindIsMissing());
    }
    Json body = {{"kind", personKindName(*kind)}, {"consents", askedConsents(snapshot, edition)}};
    addForm(body, *kind, edition);
    return requests::answered(200, std::move(body));
}

hub::Answer showPerson(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto found = personSubject(snapshot, event, requests::readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    return requests::answered(
        200, shown(snapshot, *subject.person, subject.edition), subject.person->revision);
}

hub::Answer addPerson(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseClosed(subject.organization)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = refuseLateAddition(subject)) {
        return requests::refuse(*refusal);
    }
    const auto kind = wantedKind(textOf(request.body, "kind"), subject.edition);
    if (!kind) {
        return requests::refuse(kindIsMissing());
    }
    const Json consents = request.body.value("consents", Json::object());
    if (const auto refusal = refuseWithoutConsent(work.unit(), subject.edition, consents)) {
        return requests::refuse(*refusal);
    }
    Person person = newPerson(work, subject.organization, *kind);
    const Json form = request.body.value("form", Json::object());
    if (const auto refusal = fillDraft(work, person, form, subject.edition)) {
        return requests::refuse(*refusal);
    }
    addDraft(work, person, "add");
    keepConsents(work, subject.edition, person.person_id, consents);
    return requests::answered(
        201, changed(person, reviewOf(work.unit(), person, subject.edition)), person.revision);
}

hub::Answer savePerson(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    Person person = *subject.person;
    if (const auto refusal = refuseClosed(subject.organization)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = refuseFrozen(person, subject.edition)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = refuseRevision(request, person, subject.edition)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = refuseUnconsented(work.unit(), person.person_id, subject.edition)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = change(work, subject, person, request.body)) {
        return requests::refuse(*refusal);
    }
    const bool is_changed =
        formOf(person, subject.edition) != formOf(*subject.person, subject.edition) ||
        person.reuse != subject.person->reuse;
    if (is_changed) {
        keepDraft(work, person, subject.edition);
    }
    return requests::answered(
        200, changed(person, reviewOf(work.unit(), person, subject.edition)), person.revision);
}

hub::Answer deletePerson(const Work& work)
{
    const auto found =
        personSubject(work.unit(), work.event(), requests::readRequest(work.event().payload()));
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = removeDraft(work, *subject.person)) {
        return requests::refuse(*refusal);
    }
    return requests::answered(200, {{"person_id", subject.person->person_id}});
}

hub::Answer deletePersons(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseBatch(subject.edition, "R-098")) {
        return requests::refuse(*refusal);
    }
    return answerBatch(request.body.at("person_ids"),
                       [&](const std::string& id, Json&) -> std::optional<Refusal> {
                           const auto person = personOf(work.rows(), subject.organization, id);
                           return person ? removeDraft(work, *person) : personNotFound();
                       });
}

} // namespace registration
