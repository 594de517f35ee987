#include "flow/orders.hpp"

#include "flow/admission.hpp"
#include "flow/rule.hpp"

#include <string>

namespace registration {

namespace {

/// Does `step` for each person of the event who is still there, with the rules of its edition.
template <typename Step>
hub::Answer forEachPerson(const Work& work, Step step)
{
    const Json payload = Json::parse(work.event().payload());
    const std::string order_id = requests::textOf(payload, "order_ref");
    const std::string organization_id = requests::textOf(payload, "organization_id");
    std::optional<Edition> edition;
    for (const Json& id : payload.at("person_ids")) {
        auto person = work.rows().person(id.get_ref<const std::string&>());
        if (!person || person->organization_id != organization_id) {
            continue;
        }
        if (!edition) {
            edition = work.edition(person->edition); // the organization's, so everybody's
        }
        if (edition) {
            step(*person, *edition, order_id);
        }
    }
    return {};
}

/// The history keeps which order it was; the person's reason is for people.
void saveOrder(const Work& work, Person& person, const std::string& order_id)
{
    person.order_id = order_id;
    person.reason.clear();
    work.rows().update(person);
}

} // namespace

hub::Answer holdPersons(const Work& work)
{
    return forEachPerson(work,
                         [&](Person& person, const Edition& edition, const std::string& order_id) {
                             if (work.move(person, PersonEvent::Order, edition, {order_id})) {
                                 saveOrder(work, person, order_id);
                             }
                         });
}

hub::Answer freePersons(const Work& work)
{
    return forEachPerson(work,
                         [&](Person& person, const Edition& edition, const std::string& order_id) {
                             if (person.order_id == order_id &&
                                 work.move(person, PersonEvent::Release, edition, {order_id})) {
                                 saveOrder(work, person, "");
                             }
                         });
}

hub::Answer payPersons(const Work& work)
{
    return forEachPerson(
        work, [&](Person& person, const Edition& edition, const std::string& order_id) {
            if (person.order_id == order_id && work.move(person, PersonEvent::Pay, edition)) {
                announce(work, person);
            }
        });
}

} // namespace registration
