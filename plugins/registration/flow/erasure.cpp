#include "flow/erasure.hpp"

#include "flow/quotas.hpp"
#include "store/person_rows.hpp"
#include "store/search_rows.hpp"

#include <hub/person.hpp>

namespace registration {

namespace {

/// Whoever may still come to the fair is canceled first: nobody checks or admits the nameless.
void cancel(const Work& work, Person& person)
{
    const auto edition = work.edition(person.edition);
    if (edition && work.move(person, PersonEvent::Cancel, *edition, "erased")) {
        giveBackPlace(work, person);
        work.publish("person.canceled", person, Json::object());
    }
}

} // namespace

Json personData(const hub::Snapshot& snapshot, std::string_view person_id)
{
    const auto person = ReadRows(snapshot).person(person_id);
    if (!person) {
        return Json::object();
    }
    Json form = person->document;
    form.erase("document_key"); // made of the number
    return {{"person_id", person->person_id},
            {"edition", person->edition},
            {"organization_id", person->organization_id},
            {"kind", person->kind},
            {"state", toText(person->state)},
            {"reason", person->reason},
            {"category", person->category},
            {"order_id", person->order_id},
            {"admission_period", person->admission_period},
            {"delivery_method", person->delivery_method},
            {"address_id", person->address_id},
            {"reuse", person->reuse},
            {"past_person_id", person->past_person_id},
            {"has_photo", !person->photo.empty()},
            {"declared_ms", person->declared_ms},
            {"created_ms", person->created_ms},
            {"submitted_ms", person->submitted_ms},
            {"form", std::move(form)},
            {"consents", consentsAsJson(snapshot, person_id)},
            {"history", historyAsJson(snapshot, person_id)}};
}

std::string erasePersonalData(const Work& work, Person person)
{
    if (person.state == PersonState::ToBePaid && !person.order_id.empty()) {
        return "the order " + person.order_id +
               " is open for this person; cancel it, or wait until it is paid or expires";
    }
    cancel(work, person);
    if (person.state == PersonState::Saved || person.state == PersonState::JoinRequested) {
        work.remove(person);
    } else {
        const std::string state{toText(person.state)};
        putSearchTerms(work.unit(), person, {});
        person.document = Json::object();
        person.document_key.clear();
        person.summary = Json::object();
        person.photo.clear();
        person.photo_key.clear();
        person.address_id.clear();
        // Words of whoever decided; of an archived person how its edition ended.
        if (person.state != PersonState::Archived) {
            person.reason = "erased";
        }
        ++person.revision;
        work.rows().update(person);
        work.rows().note({person.person_id, "erase", state, state, "", work.actor()});
    }
    hub::person::erase(work.unit(), person.person_id);
    return "";
}

} // namespace registration
