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
    const std::string order_id = requests::textOf(payload, "order_id");
    const std::string organization_id = requests::textOf(payload, "organization_id");
    for (const Json& id : payload.at("person_ids")) {
        auto person = work.rows().person(id.get_ref<const std::string&>());
        if (!person || person->organization_id != organization_id) {
            continue;
        }
        if (const auto edition = work.edition(person->edition)) {
            step(*person, *edition, order_id);
        }
    }
    return {};
}

} // namespace

hub::Answer holdPersons(const Work& work)
{
    return forEachPerson(work,
                         [&](Person& person, const Edition& edition, const std::string& order_id) {
                             if (work.move(person, PersonEvent::Order, edition, order_id)) {
                                 person.order_id = order_id;
                                 work.rows().update(person);
                             }
                         });
}

hub::Answer freePersons(const Work& work)
{
    return forEachPerson(work,
                         [&](Person& person, const Edition& edition, const std::string& order_id) {
                             if (person.order_id == order_id &&
                                 work.move(person, PersonEvent::Release, edition, order_id)) {
                                 person.order_id.clear();
                                 work.rows().update(person);
                             }
                         });
}

hub::Answer payPersons(const Work& work)
{
    return forEachPerson(work,
                         [&](Person& person, const Edition& edition, const std::string& order_id) {
                             if (person.order_id == order_id &&
                                 work.move(person, PersonEvent::Pay, edition, order_id)) {
                                 announce(work, person);
                             }
                         });
}

} // namespace registration
