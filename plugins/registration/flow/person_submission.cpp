#include "flow/person_submission.hpp"

#include "domain/badge_face.hpp"
#include "domain/person_checks.hpp"
#include "flow/admission.hpp"
#include "flow/person_drafts.hpp"
#include "flow/quotas.hpp"
#include "store/person_rows.hpp"

#include <algorithm>

namespace registration {

using requests::Refusal;

namespace {

std::optional<Refusal> refuseState(const Person& person)
{
    if (person.state == PersonState::Saved) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-088",
                     "person_submitted",
                     {"This person was submitted before; its state is shown in the list.",
                      "该人员已提交，请在列表中查看状态。"});
}

std::optional<Refusal> refuseDeadline(const Work& work, const PersonSubject& subject)
{
    const auto deadline_ms = subject.edition.registration_deadline_ms;
    const std::string& organization_id = subject.organization.organization_id;
    if (!subject.edition.holds("R-370") || !deadline_ms || work.nowMs() < *deadline_ms ||
        work.nowMs() < exceptionUntil(work.unit(), organization_id, "registration")) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-370",
                     "registration_closed",
                     {"The time for registration has passed; ask the organizer for an exception.",
                      "报名截止时间已过，如需延期请联系组委会。"});
}

/// Rules that allow something: an edition without them asks for another order of steps.
std::optional<Refusal> refuseOrder(const Work& work, const PersonSubject& subject)
{
    if (!subject.edition.holds("R-128") && subject.organization.submitted_ms == 0) {
        return refusedBy(409,
                         "R-128",
                         "organization_not_submitted",
                         {"This edition takes persons after their organization; submit it first.",
                          "本届须先提交单位信息，再提交人员。"});
    }
    if (subject.edition.holds("R-130")) {
        return std::nullopt;
    }
    const auto ids = work.rows().personIds(subject.organization.organization_id);
    const auto saved = work.rows().personIds(subject.organization.organization_id, "saved");
    if (ids.size() == saved.size()) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-130",
                     "persons_submitted",
                     {"This edition takes all persons of an organization at once.",
                      "本届须一次性提交全部人员。"});
}

/// The badge whose reuse was applied for, against what is submitted now: the organization may have
/// been renamed or moved since.
void addFaceChanges(const Work& work,
                    const PersonSubject& subject,
                    const Person& person,
                    PersonRemarks& remarks)
{
    if (!person.reuse || !subject.edition.holds("R-141")) {
        return;
    }
    const auto past = work.rows().person(person.past_person_id);
    const auto organization = past ? work.rows().organization(past->organization_id) : std::nullopt;
    if (!organization) {
        return;
    }
    for (const FaceField& one : compareFaces(*past, *organization, person, subject.organization)) {
        if (!one.isSame()) {
            remarks.push_back(
                {"R-141",
                 "badge_face_changed",
                 "/" + one.name,
                 {one.title.en + ": differs from the badge that is to be used again; "
                                 "take it back, or apply anew.",
                  one.title.zh + "与拟复用证件不一致，请恢复原信息或选择重新申办。"}});
        }
    }
}

std::optional<Refusal> refuseIncomplete(const Work& work,
                                        const PersonSubject& subject,
                                        const Person& person,
                                        bool is_declared)
{
    PersonRemarks remarks = reviewOf(work.unit(), person, subject.edition).problems;
    if (subject.edition.holds("R-085") && !is_declared) {
        remarks.push_back(
            {"R-085",
             "declaration_missing",
             "/declaration",
             {"Tick the declaration that the information is true.", "请勾选承诺信息。"}});
    }
    addFaceChanges(work, subject, person, remarks);
    if (remarks.empty()) {
        return std::nullopt;
    }
    return refusedBy(422,
                     "person_not_ready",
                     {"This person can't be submitted yet; complete what is named.",
                      "该人员信息尚不完整，请按提示补充后提交。"},
                     remarks);
}

/// Where organizations choose, the place is taken now; elsewhere when the delegation categorizes
/// (DESIGN 14.31).
std::optional<Refusal> takeChosenPlace(const Work& work, Person& person, const Edition& edition)
{
    if (edition.mode != Mode::ByOrganization) {
        return std::nullopt;
    }
    const Category* const category =
        person.category.empty() ? payersCategory(edition) : edition.findCategory(person.category);
    if (category == nullptr) {
        return refusedBy(422,
                         "category_missing",
                         {"Choose a category.", "请选择证件标签。"},
                         {{"R-089",
                           "category_missing",
                           "/category",
                           {"Choose one of the edition's categories.", "请选择本届的证件标签。"}}});
    }
    return takePlace(work, person, *category, edition);
}

} // namespace

std::optional<Refusal> refuseUnconfirmedSubmission(const Json& body, const Edition& edition)
{
    const bool is_asked = edition.holds("R-087") && edition.holds("R-384");
    if (!is_asked || body.value("confirmed", false)) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-087",
                     "confirmation_needed",
                     {"Please confirm that the information is true, standard and complete; after "
                      "the submission it can't be changed. Send it again with \"confirmed\".",
                      "请确认所填信息真实、规范、完整，提交后将无法修改。确认后请再次提交"
                      "（confirmed）。"});
}

std::optional<Refusal>
submitPerson(const Work& work, const PersonSubject& subject, Person& person, bool is_declared)
{
    if (auto refusal = refuseClosed(subject.organization)) {
        return refusal;
    }
    if (auto refusal = refuseState(person)) {
        return refusal;
    }
    if (auto refusal = refuseDeadline(work, subject)) {
        return refusal;
    }
    if (auto refusal = refuseOrder(work, subject)) {
        return refusal;
    }
    if (auto refusal = refuseIncomplete(work, subject, person, is_declared)) {
        return refusal;
    }
    if (auto refusal = takeChosenPlace(work, person, subject.edition)) {
        return refusal;
    }
    person.submitted_ms = work.nowMs();
    person.declared_ms = is_declared ? work.nowMs() : 0;
    work.move(person, PersonEvent::Submit, subject.edition);
    work.publish("person.submitted", person, Json::object());
    if (person.reuse) {
        work.publish("badge_reuse.applied", person, {{"past_person_id", person.past_person_id}});
    }
    follow(work, subject.organization, person, subject.edition);
    return std::nullopt;
}

} // namespace registration
