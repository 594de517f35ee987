#include "flow/admission.hpp"

#include "flow/categories.hpp"

namespace registration {

void PaymentsDue::count(PersonState before, const Person& now, const Edition& edition)
{
    if (before != now.state && now.state == PersonState::ToBePaid && edition.holds("R-190")) {
        Due& due = due_[now.organization_id];
        due.edition = now.edition;
        ++due.persons;
    }
}

void PaymentsDue::tell(const Work& work) const
{
    for (const auto& [organization_id, due] : due_) {
        const Json payload = {{"organization_id", organization_id}, {"persons", due.persons}};
        const std::string text = payload.dump();
        hub::Publication event;
        event.type = "organization.payment_due";
        event.key = organization_id;
        event.edition = due.edition;
        event.payload = text;
        work.unit().publish(event);
    }
}

void announce(const Work& work, const Person& person)
{
    if (person.state == PersonState::ToBePaid) {
        work.publish("person.to_be_paid", person, Json::object());
    } else if (person.state == PersonState::ToBeReviewed) {
        work.publish("person.to_be_reviewed", person, Json::object());
    }
}

void follow(const Work& work,
            const Organization& organization,
            Person& person,
            const Edition& edition)
{
    if (person.state != PersonState::Submitted) {
        return;
    }
    bringCategory(work, person, edition);
    if (organization.state == OrganizationState::Submitted) {
        work.move(person, PersonEvent::OrganizationSubmitted, edition);
    } else if (organization.state == OrganizationState::Approved &&
               work.move(person, PersonEvent::OrganizationApproved, edition)) {
        announce(work, person);
    }
}

void followAll(const Work& work, const Organization& organization, const Edition& edition)
{
    PaymentsDue due;
    for (const std::string& id : work.rows().personIds(organization.organization_id, "submitted")) {
        Person person = work.rows().person(id).value();
        follow(work, organization, person, edition);
        due.count(PersonState::Submitted, person, edition);
    }
    due.tell(work);
}

} // namespace registration
