#include "api/person_submissions.hpp"

#include "domain/badge_face.hpp"
#include "domain/person_checks.hpp"
#include "flow/admission.hpp"
#include "flow/person_batches.hpp"
#include "flow/person_submission.hpp"
#include "store/person_rows.hpp"

#include <algorithm>

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;

Json stateOf(const Person& person)
{
    return {{"person_id", person.person_id},
            {"state", toText(person.state)},
            {"category", person.category},
            {"revision", person.revision}};
}

Refusal periodUnknown()
{
    return refusedBy(
        422,
        "choice_unknown",
        {"There is no such admission period; choose another.", "没有该入场日期，请重新选择。"},
        {{"R-083",
          "choice_unknown",
          "/admission_period",
          {"Take one of the edition's admission periods.", "请选择本届的入场日期。"}}});
}

std::optional<Refusal> refusePeriodState(const Person& person, const Edition& edition)
{
    const bool is_open = person.state == PersonState::ToBePaid && person.order_id.empty();
    if (is_open && edition.holds("R-193")) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-193",
                     "admission_period_fixed",
                     {"The admission period may be changed while the person waits to be paid for "
                      "and is in no order; cancel the order first.",
                      "仅“待支付”且未生成订单的人员可修改入场日期，请先取消订单。"});
}

/// The price changes, and a reused badge is used no more: both are told before (C-03).
std::optional<Refusal> refuseUnconfirmedPeriod(const Person& before,
                                               const Person& after,
                                               const Edition& edition,
                                               const Json& body)
{
    const auto old_amount = amountFor(
        edition, before.category, before.admission_period, factsOf(before, false).reuses_badge);
    const auto new_amount = amountFor(edition, after.category, after.admission_period, false);
    if (body.value("confirmed", false) || (!before.reuse && old_amount == new_amount)) {
        return std::nullopt;
    }
    const Words consequence =
        before.reuse ? Words{" The old badge is used no more.", "原证件不再复用。"} : Words{};
    Refusal refusal = refusedBy(
        409,
        "C-03",
        "confirmation_needed",
        {"The fee changes from " + shownAmount(old_amount) + " to " + shownAmount(new_amount) +
             "." + consequence.en + " Send it again with \"confirmed\".",
         "费用将由 " + shownAmount(old_amount) + " 变为 " + shownAmount(new_amount) + "。" +
             consequence.zh + "确认后请再次提交（confirmed）。"});
    refusal.parameters["amount_minor_before"] = old_amount;
    refusal.parameters["amount_minor_after"] = new_amount;
    refusal.parameters["new_badge"] = before.reuse;
    return refusal;
}

bool isBeforeProduction(PersonState state)
{
    return state == PersonState::Submitted || state == PersonState::ToBeCategorized ||
           state == PersonState::ToBeLocked || state == PersonState::ToBePaid ||
           state == PersonState::ToBeReviewed;
}

std::optional<Refusal>
refuseDelivery(const Work& work, const PersonSubject& subject, const Person& person)
{
    const auto& methods = subject.edition.delivery_methods;
    if (std::find(methods.begin(), methods.end(), person.delivery_method) == methods.end()) {
        return refusedBy(422,
                         "choice_unknown",
                         {"The badge can't be received this way; choose another.",
                          "不支持该领取方式，请重新选择。"},
                         {{"R-084",
                           "choice_unknown",
                           "/delivery_method",
                           {"Take one of the edition's ways.", "请选择本届的领取方式。"}}});
    }
    if (person.delivery_method != "courier" ||
        hasAddress(work.unit(), person.organization_id, person.address_id)) {
        return std::nullopt;
    }
    return refusedBy(
        422,
        "address_id_missing",
        {"The courier needs an address.", "选择快递须填写地址。"},
        {{"R-084",
          "address_id_missing",
          "/address_id",
          {"Choose one of your organization's addresses.", "请从本单位常用地址中选择。"}}});
}

} // namespace

hub::Answer submitOnePerson(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseUnconfirmedSubmission(request.body, subject.edition)) {
        return requests::refuse(*refusal);
    }
    Person person = *subject.person;
    const bool is_declared = request.body.value("declaration", false);
    if (const auto refusal = submitPerson(work, subject, person, is_declared)) {
        return requests::refuse(*refusal);
    }
    PaymentsDue due;
    due.count(PersonState::Saved, person, subject.edition);
    due.tell(work);
    return requests::answered(200, stateOf(person), person.revision);
}

hub::Answer submitPersons(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    if (const auto refusal = refuseBatch(subject.edition, "R-386")) {
        return requests::refuse(*refusal);
    }
    if (const auto refusal = refuseUnconfirmedSubmission(request.body, subject.edition)) {
        return requests::refuse(*refusal);
    }
    const bool is_declared = request.body.value("declaration", false);
    PaymentsDue due;
    const auto submitOne = [&](const std::string& id, Json& result) -> std::optional<Refusal> {
        auto person = personOf(work.rows(), subject.organization, id);
        if (!person) {
            return personNotFound();
        }
        const PersonState before = person->state;
        auto refusal = submitPerson(work, subject, *person, is_declared);
        due.count(before, *person, subject.edition);
        result.update(stateOf(*person));
        return refusal;
    };
    hub::Answer answer = answerBatch(request.body.at("person_ids"), submitOne);
    due.tell(work);
    return answer;
}

hub::Answer changePeriod(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    Person person = *subject.person;
    if (const auto refusal = refusePeriodState(person, subject.edition)) {
        return requests::refuse(*refusal);
    }
    person.admission_period = textOf(request.body, "admission_period");
    if (subject.edition.findPeriod(person.admission_period) == nullptr) {
        return requests::refuse(periodUnknown());
    }
    if (person.admission_period != subject.person->admission_period) {
        if (const auto refusal =
                refuseUnconfirmedPeriod(*subject.person, person, subject.edition, request.body)) {
            return requests::refuse(*refusal);
        }
        person.reuse = false;
        work.move(person, PersonEvent::ChangePeriod, subject.edition);
    }
    Json body = stateOf(person);
    body["reuse"] = person.reuse;
    body["amount_minor"] =
        amountFor(subject.edition, person.category, person.admission_period, person.reuse);
    return requests::answered(200, std::move(body), person.revision);
}

hub::Answer changeDelivery(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    Person person = *subject.person;
    if (!isBeforeProduction(person.state)) {
        return requests::refuse(
            refusedBy(409,
                      "C-05",
                      "delivery_fixed",
                      {"How the badge is received may be changed between the submission and the "
                       "badge's production; before, change the form.",
                       "领取方式仅可在提交后、制证前修改；提交前请直接修改人员信息。"}));
    }
    person.delivery_method = textOf(request.body, "delivery_method");
    person.address_id = textOf(request.body, "address_id");
    if (const auto refusal = refuseDelivery(work, subject, person)) {
        return requests::refuse(*refusal);
    }
    const std::string state{toText(person.state)};
    ++person.revision;
    person.changed_ms = work.nowMs();
    work.rows().update(person);
    work.rows().note({person.person_id, "change_delivery", state, state, "", work.actor()});
    return requests::answered(200, stateOf(person), person.revision);
}

} // namespace registration
