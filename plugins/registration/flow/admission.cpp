#include "flow/admission.hpp"

#include "flow/categories.hpp"

namespace registration {

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
    for (const std::string& id : work.rows().personIds(organization.organization_id, "submitted")) {
        Person person = work.rows().person(id).value();
        follow(work, organization, person, edition);
    }
}

} // namespace registration
