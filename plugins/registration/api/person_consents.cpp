#include "api/person_consents.hpp"

#include "flow/consents.hpp"
#include "flow/person_subjects.hpp"
#include "store/consent_rows.hpp"

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;

Json shown(const hub::Snapshot& snapshot, const PersonSubject& subject)
{
    Json body =
        shownConsents(snapshot, subject.person->person_id, kPersonConsents, subject.edition);
    body["person_id"] = subject.person->person_id;
    return body;
}

/// Who was submitted goes on until the application is canceled: that ends rights and money, so
/// nobody does it by the way.
Json whatFollows(const Person& person)
{
    const bool is_going_on = isLive(person.state) && person.state != PersonState::Saved;
    return is_going_on ? requests::toJson({"Cancel the person's application now; afterwards the "
                                           "organizer erases the data when asked to.",
                                           "请随即注销该人员的申请；注销后可要求组委会删除其"
                                           "个人信息。"})
                       : requests::toJson({"Delete the person, or ask for the consent once more.",
                                           "请删除该人员，或重新取得其同意。"});
}

void note(const Work& work, const Person& person, const char* event, const std::string& kind)
{
    const std::string state{toText(person.state)};
    work.rows().note({person.person_id, event, state, state, kind, work.actor()});
}

} // namespace

hub::Answer listPersonConsents(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto found = personSubject(snapshot, event, requests::readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    return requests::answered(200, shown(snapshot, std::get<PersonSubject>(found)));
}

hub::Answer putPersonConsent(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    const std::string kind = textOf(request.path, "kind");
    const std::string version = textOf(request.body, "version");
    if (const auto refusal = refuseKind(kPersonConsents, kind)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = refuseVersion(work.unit(), subject.edition, kind, version)) {
        return requests::refuse(*refusal);
    }
    giveConsent(work.unit(),
                subject.person->person_id,
                {kind,
                 keptVersion(work.unit(), subject.edition, kind, version),
                 work.actor(),
                 work.nowMs(),
                 0});
    return requests::answered(200, shown(work.unit(), subject));
}

hub::Answer deletePersonConsent(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    const std::string kind = textOf(request.path, "kind");
    if (const auto refusal = refuseKind(kPersonConsents, kind)) {
        return requests::refuse(*refusal);
    }
    if (withdrawConsent(work.unit(), subject.person->person_id, kind)) {
        note(work, *subject.person, "withdraw_consent", kind);
    }
    Json body = shown(work.unit(), subject);
    if (kind == kSensitive) {
        body["next"] = whatFollows(*subject.person);
    }
    return requests::answered(200, std::move(body));
}

} // namespace registration
