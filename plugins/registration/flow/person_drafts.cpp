#include "flow/person_drafts.hpp"

#include "domain/badge_face.hpp"
#include "domain/search_terms.hpp"
#include "domain/times.hpp"
#include "flow/erasure.hpp"
#include "flow/person_consents.hpp"
#include "store/person_rows.hpp"
#include "store/search_rows.hpp"

#include <hub/person.hpp>

namespace registration {

using requests::Refusal;
using requests::textOf;

namespace {

PersonReview reviewForm(const hub::Snapshot& snapshot, const Person& person, const Edition& edition)
{
    const bool has_address = hasAddress(snapshot, person.organization_id, person.address_id);
    return reviewPerson(person, edition, {todayOf(snapshot), has_address});
}

void putTerms(const Work& work, const Person& person)
{
    putSearchTerms(work.unit(),
                   person,
                   searchTermsOf(textOf(person.document, "name"),
                                 textOf(person.document, "document_number"),
                                 textOf(person.document, "phone")));
}

Refusal faceChanges(const Edition& edition,
                    const Person& past,
                    const Person& person,
                    const std::vector<FaceField>& face)
{
    const auto before = amountFor(edition, past.category, past.admission_period, true);
    const auto after = amountFor(edition, person.category, person.admission_period, false);
    Refusal refusal = refusedBy(
        409,
        "R-141",
        "badge_face_changed",
        {"This would change what is printed on the badge, so a new one would be made for " +
             shownAmount(after) + " instead of " + shownAmount(before) +
             ". Take the change back, or confirm with \"new_badge\".",
         "此修改将改变证件卡面信息，须重新制证，费用由 " + shownAmount(before) + " 变为 " +
             shownAmount(after) + "。请撤销修改，或确认（new_badge）后继续。"});
    refusal.parameters["face"] = toJson(face);
    refusal.parameters["amount_minor_before"] = before;
    refusal.parameters["amount_minor_after"] = after;
    return refusal;
}

} // namespace

std::string todayOf(const hub::Snapshot& snapshot)
{
    return dayOf(snapshot.nowMs());
}

Person newPerson(const Work& work, const Organization& organization, identifiers::PersonKind kind)
{
    Person person;
    person.person_id = work.drawId();
    person.edition = organization.edition;
    person.organization_id = organization.organization_id;
    person.delegation_id = organization.delegation_id;
    person.sub_delegation_id = organization.sub_delegation_id;
    person.kind = personKindName(kind);
    person.created_ms = work.nowMs();
    person.changed_ms = person.created_ms;
    return person;
}

PersonReview reviewOf(const hub::Snapshot& snapshot, const Person& person, const Edition& edition)
{
    PersonReview review = reviewForm(snapshot, person, edition);
    if (auto missing = missingConsent(snapshot, person.person_id, edition)) {
        review.problems.push_back(std::move(*missing));
    }
    return review;
}

std::optional<Refusal>
fillDraft(const Work& work, Person& person, const Json& form, const Edition& edition)
{
    const auto remarks = fillForm(person, form, edition, todayOf(work.unit()));
    if (!remarks.empty()) {
        return refusedBy(422,
                         "person_form_invalid",
                         {"The form holds what this person's form does not offer; correct it.",
                          "填写内容不符合该类人员表单，请按提示更正。"},
                         remarks);
    }
    if (!edition.holds("R-086")) {
        const auto review = reviewForm(work.unit(), person, edition);
        if (!review.problems.empty()) {
            return refusedBy(422,
                             "person_incomplete",
                             {"This edition keeps no drafts; complete what is named.",
                              "本届不支持保存草稿，请补充完整。"},
                             review.problems);
        }
    }
    return refuseTakenDocument(work, person);
}

std::optional<Refusal> refuseTakenDocument(const Work& work, const Person& person)
{
    const std::string holder =
        person.document_key.empty()
            ? ""
            : work.rows().personWithDocument(person.edition, person.document_key, person.person_id);
    if (holder.empty() || freesDocument(work, holder)) {
        return std::nullopt;
    }
    return refusedBy(
        409,
        "document_taken",
        {"This person can't be registered with this document; correct it, or ask the hotline.",
         "该证件无法用于报名，请更正或咨询服务热线。"},
        {{"C-09",
          "document_taken",
          "/document_number",
          {"An application of this edition uses this document already; check the number. If it is "
           "right, ask the person, or the hotline.",
           "本届已有报名使用该证件，请核对号码；如无误，请向本人或服务热线确认。"}}});
}

std::optional<Refusal>
settleReuse(const Work& work, const PersonSubject& subject, Person& person, bool agrees)
{
    if (!person.reuse) {
        return std::nullopt;
    }
    if (agrees) {
        person.reuse = false;
        return std::nullopt;
    }
    const auto past = work.rows().person(person.past_person_id);
    const auto organization = past ? work.rows().organization(past->organization_id) : std::nullopt;
    if (!organization || !subject.edition.holds("R-141")) {
        return std::nullopt;
    }
    const auto face = compareFaces(*past, *organization, person, subject.organization);
    return isSameFace(face) ? std::nullopt
                            : std::optional(faceChanges(subject.edition, *past, person, face));
}

void addDraft(const Work& work, const Person& person, std::string_view event)
{
    work.add(person);
    work.rows().note({person.person_id,
                      std::string{event},
                      "",
                      std::string{toText(person.state)},
                      "",
                      work.actor()});
    putTerms(work, person);
}

void keepDraft(const Work& work, Person& person, const Edition& edition)
{
    if (!work.move(person, PersonEvent::Edit, edition)) {
        // In an edition that freezes nobody, a submitted person stays where it is.
        person.changed_ms = work.nowMs();
        ++person.revision;
        work.rows().update(person);
    }
    putTerms(work, person);
}

std::optional<Refusal> removeDraft(const Work& work, const Person& person)
{
    if (person.state != PersonState::Saved) {
        return refusedBy(409,
                         "R-098",
                         "person_submitted",
                         {"Only saved persons can be deleted; this one was submitted. Ask for its "
                          "cancellation instead.",
                          "仅可删除“已保存”的人员；该人员已提交，请申请注销。"});
    }
    work.remove(person);
    hub::person::erase(work.unit(), person.person_id);
    return std::nullopt;
}

} // namespace registration
