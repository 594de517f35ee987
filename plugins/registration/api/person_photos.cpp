#include "api/person_photos.hpp"

#include "flow/past_persons.hpp"
#include "flow/person_consents.hpp"
#include "flow/person_drafts.hpp"
#include "flow/sealed_file.hpp"

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;

std::optional<Refusal> refusePhoto(const PersonSubject& subject)
{
    if (auto refusal = refuseClosed(subject.organization)) {
        return refusal;
    }
    if (!subject.edition.holds("R-082")) {
        return refusedBy(409,
                         "R-082",
                         "photo_not_asked",
                         {"Badges of this edition have no photo.", "本届证件无需照片。"});
    }
    if (subject.person->state == PersonState::Saved ||
        (subject.person->state == PersonState::Submitted && !subject.edition.holds("R-088"))) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-088",
                     "person_frozen",
                     {"A submitted person's photo can't be changed. Ask for its cancellation, and "
                      "add the person anew.",
                      "人员提交后不可更换照片，如需更改请申请注销后重新填报。"});
}

Refusal photoIsWrong(const Json& findings)
{
    PersonRemarks remarks;
    for (const Json& finding : findings) {
        remarks.push_back(
            {"R-082",
             textOf(finding, "code"),
             "",
             {textOf(finding.at("message"), "en"), textOf(finding.at("message"), "zh")}});
    }
    return refusedBy(
        422,
        "photo_invalid",
        {"This photo can't be used for a badge; upload another.", "照片不符合要求，请按提示更换。"},
        remarks);
}

hub::Answer answerPhoto(const Work& work, const Request& request, const Person& person)
{
    if (person.photo_key.empty()) { // or its key is gone with the person
        return requests::refuse(
            refusedBy(404,
                      "R-082",
                      "photo_missing",
                      {"This person has no photo yet; upload one.", "该人员尚未上传照片。"}));
    }
    if (!request.task) {
        const std::string state{toText(person.state)};
        work.rows().note({person.person_id, "view_photo", state, state, "", work.actor()});
        return requests::worksOn({{"digest", person.photo}, {"key", toBase64(person.photo_key)}});
    }
    return requests::answered(200,
                              {{"person_id", person.person_id},
                               {"media_type", "image/jpeg"},
                               {"content_base64", request.task->at("content_base64")}});
}

} // namespace

hub::Answer putPhoto(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refusePhoto(subject)) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal =
            refuseUnconsented(work.unit(), subject.person->person_id, subject.edition)) {
        return requests::refuse(*refusal);
    }
    if (!request.task) {
        const std::string key = work.unit().random(kFileKeyBytes);
        return requests::worksOn(
            {{"blob", request.upload.value_or(Json::object()).at("blob")}, {"key", toBase64(key)}});
    }
    if (request.task->contains("findings")) {
        return requests::refuse(photoIsWrong(request.task->at("findings")));
    }
    Person person = *subject.person;
    person.photo = textOf(*request.task, "digest");
    person.photo_key = fromBase64(textOf(*request.task, "key")).value_or("");
    const bool agrees = textOf(request.query, "new_badge") == "true";
    if (const auto refusal = settleReuse(work, subject, person, agrees)) {
        return requests::refuse(*refusal);
    }
    keepDraft(work, person, subject.edition);
    return requests::answered(
        200,
        {{"person_id", person.person_id}, {"revision", person.revision}, {"reuse", person.reuse}},
        person.revision);
}

hub::Answer viewPhoto(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    return answerPhoto(work, request, *std::get<PersonSubject>(found).person);
}

hub::Answer viewPastPhoto(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto past = pastPersonOf(work.rows(),
                                   std::get<PersonSubject>(found).organization,
                                   textOf(request.path, "past_person_id"));
    return past ? answerPhoto(work, request, past->person) : requests::refuse(personNotFound());
}

} // namespace registration
