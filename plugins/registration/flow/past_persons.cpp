#include "flow/past_persons.hpp"

#include "domain/person_checks.hpp"
#include "flow/person_drafts.hpp"
#include "store/person_rows.hpp"

#include <algorithm>

namespace registration {

using requests::Refusal;
using requests::Words;

namespace {

/// More editions than the fair has had; a chain that were a circle ends.
constexpr std::size_t kPastEditionsMax = 16;

std::optional<Refusal>
refuseBrought(const Work& work, const Organization& organization, const std::string& past_person_id)
{
    for (const BroughtPerson& one :
         broughtPersons(work.unit(), organization.organization_id, past_person_id)) {
        if (isLive(one.state)) {
            return refusedBy(409,
                             "R-097",
                             "past_person_applied",
                             {"This person was brought into this edition already; go on in the "
                              "list of persons.",
                              "该往届人员已在本届申办，请在人员列表中继续办理。"});
        }
    }
    return std::nullopt;
}

std::optional<Refusal>
refuseReuse(const PastPerson& past, const Organization& organization, const Edition& edition)
{
    if (!edition.holds("R-155")) {
        return refusedBy(409,
                         "R-155",
                         "reuse_not_online",
                         {"Reuse is not applied for online in this edition; apply anew.",
                          "本届不支持在线申请证件复用，请选择重新申办。"});
    }
    const auto hindrances = reuseHindrances(past.person, past.organization, organization, edition);
    if (hindrances.empty()) {
        return std::nullopt;
    }
    return refusedBy(
        409,
        "reuse_not_possible",
        {"This badge can't be used again; apply anew.", "该证件不符合复用条件，请选择重新申办。"},
        hindrances);
}

/// What of the past form this edition offers, too.
Json broughtForm(const Person& past, const Edition& edition, bool reuses)
{
    if (!edition.holds("R-145")) {
        return Json::object();
    }
    Json form = formOf(past, edition);
    form.erase("address_id");
    form.erase("delivery_method");
    if (edition.findPeriod(past.admission_period) == nullptr) {
        form.erase("admission_period");
    }
    if (!reuses) {
        form.erase("category");
    }
    return form;
}

} // namespace

std::vector<Organization> pastOrganizations(const ReadRows& rows, const Organization& organization)
{
    std::vector<Organization> past;
    std::string id = organization.past_organization_id;
    while (!id.empty() && past.size() < kPastEditionsMax) {
        auto found = rows.organization(id);
        if (!found) {
            break;
        }
        id = found->past_organization_id;
        past.push_back(std::move(*found));
    }
    return past;
}

std::optional<PastPerson> pastPersonOf(const ReadRows& rows,
                                       const Organization& organization,
                                       std::string_view past_person_id)
{
    auto person = rows.person(past_person_id);
    if (!person || person->document.empty()) {
        return std::nullopt; // an erased one has nothing to bring
    }
    for (Organization& past : pastOrganizations(rows, organization)) {
        if (person->organization_id == past.organization_id) {
            return PastPerson{std::move(*person), std::move(past)};
        }
    }
    return std::nullopt;
}

std::optional<Refusal> refuseNewcomer(const PersonSubject& subject)
{
    if (!subject.edition.holds("R-091")) {
        return refusedBy(
            404,
            "R-091",
            "past_persons_not_offered",
            {"This edition brings no persons from past ones.", "本届不支持带出往届人员信息。"});
    }
    if (!subject.organization.past_organization_id.empty() || !subject.edition.holds("R-144")) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-144",
                     "past_visitor_needed",
                     {"Persons and badges of past editions are there for who enters as a past "
                      "visitor; register that way.",
                      "须通过“往届进博会观众”入口注册后，方可使用往届人员信息或申请证件复用。"});
}

BadgeAmounts amountsOf(const Person& past, const Edition& edition)
{
    return {amountFor(edition, past.category, past.admission_period, true),
            amountFor(edition, past.category, past.admission_period, false)};
}

Words reusePrompt(const BadgeAmounts& amounts)
{
    const std::string reused = shownAmount(amounts.reused_minor);
    const std::string anew = shownAmount(amounts.new_minor);
    return {"Confirm that each badge to be used again is neither lost nor damaged. The fee for the "
            "reuse is " +
                reused + " in all, instead of " + anew +
                " for new badges. If one is lost or damaged, or a new one is wanted, choose "
                "\"apply anew\".",
            "请确认拟复用的证件没有遗失或损坏。复用证件服务费合计 " + reused + "（申办新证为 " +
                anew + "）。如证件遗失、损坏或需要新证，请选择“重新申办”。"};
}

std::variant<Person, Refusal>
bringPerson(const Work& work, const PersonSubject& subject, const PastPerson& past, bool reuses)
{
    const Edition& edition = subject.edition;
    if (auto refusal = refuseBrought(work, subject.organization, past.person.person_id)) {
        return std::move(*refusal);
    }
    if (reuses) {
        if (auto refusal = refuseReuse(past, subject.organization, edition)) {
            return std::move(*refusal);
        }
    }
    Person person =
        newPerson(work,
                  subject.organization,
                  findPersonKind(past.person.kind).value_or(identifiers::PersonKind::Mainland));
    person.past_person_id = past.person.person_id;
    person.reuse = reuses;
    // Choices that this edition has no more are left to be made anew.
    fillForm(person, broughtForm(past.person, edition, reuses), edition, todayOf(work.unit()));
    if (reuses) {
        person.category = past.person.category;
    }
    if (edition.holds("R-383")) {
        person.photo = past.person.photo;
        person.photo_key = past.person.photo_key;
    }
    if (auto refusal = refuseTakenDocument(work, person)) {
        return std::move(*refusal);
    }
    addDraft(work, person, reuses ? "reuse" : "apply_anew");
    return person;
}

} // namespace registration
