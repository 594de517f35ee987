#include "flow/erasure.hpp"

#include "flow/quotas.hpp"
#include "store/cancellation_rows.hpp"
#include "store/erasure_rows.hpp"
#include "store/person_rows.hpp"
#include "store/search_rows.hpp"

#include <hub/person.hpp>

#include <algorithm>

namespace registration {

namespace {

/// Whoever may still come to the fair is canceled first: nobody checks or admits the nameless.
void cancel(const Work& work, Person& person)
{
    const auto edition = work.edition(person.edition);
    if (edition && work.move(person, PersonEvent::Cancel, *edition, {"erased"})) {
        giveBackPlace(work, person);
        work.publish("person.canceled", person, Json::object());
    }
}

std::string hindrance(const Person& person)
{
    return person.state == PersonState::ToBePaid && !person.order_id.empty()
               ? "the order " + person.order_id +
                     " is open for this person; cancel it, or wait until it is paid or expires"
               : "";
}

void blank(const Work& work, Person person)
{
    const std::string state{toText(person.state)};
    putSearchTerms(work.unit(), person, {});
    person.document = Json::object();
    person.document_key.clear();
    person.summary = Json::object();
    person.photo.clear();
    person.photo_key.clear();
    person.address_id.clear();
    // Of an archived person it is how its edition ended.
    if (person.state != PersonState::Archived) {
        person.reason = "erased";
    }
    ++person.revision;
    work.rows().update(person);
    work.rows().note({person.person_id, "erase", state, state, "", work.actor()});
}

void dropStaged(const Work& work, const Person& person)
{
    for (const std::string& staged : stagedPersonsOf(work.unit(), person.person_id)) {
        if (!isErased(person) || !isAppliedFor(work.unit(), staged)) {
            dropStagedPerson(work.unit(), staged);
            hub::person::erase(work.unit(), staged);
        }
    }
}

void eraseOne(const Work& work, Person person)
{
    const std::string id = person.person_id;
    const bool was_erased = isErased(person);
    dropStaged(work, person);
    keepErasedDocument(work.unit(), id, was_erased ? 0 : work.nowMs());
    removeCancellation(work.unit(), id);
    cancel(work, person);
    if (person.state == PersonState::Saved || person.state == PersonState::JoinRequested) {
        work.remove(person);
    } else {
        blank(work, std::move(person));
    }
    hub::person::erase(work.unit(), id);
}

/// What is to be erased together. Where the key is gone already, others with the same document
/// whose keys are there came in since then.
std::vector<Person> recordsOf(const Work& work, const Person& person, Erasure& erasure)
{
    std::vector<Person> records;
    for (std::string& id : personsOfSameDocument(work.unit(), person.person_id)) {
        Person record = work.rows().person(id).value();
        if (isErased(person) && !isErased(record)) {
            erasure.kept.push_back(std::move(id));
        } else {
            erasure.persons.push_back(std::move(id));
            records.push_back(std::move(record));
        }
    }
    return records;
}

std::vector<std::string> linkedTo(const Work& work, const std::vector<std::string>& persons)
{
    std::vector<std::string> linked;
    for (const std::string& person : persons) {
        for (std::string& id : linkedPersons(work.unit(), person)) {
            const bool is_one_of_them =
                std::find(persons.begin(), persons.end(), id) != persons.end();
            const auto row = is_one_of_them ? std::nullopt : work.rows().person(id);
            if (row && !row->document.empty()) {
                linked.push_back(std::move(id));
            }
        }
    }
    return linked;
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
            {"reason", reasonOf(person->reason, person->summary)},
            {"category", person->category},
            {"order_id", person->order_id},
            {"admission_period", person->admission_period},
            {"delivery_method", person->delivery_method},
            {"address_id", person->address_id},
            {"reuse", person->reuse},
            {"past_person_id", person->past_person_id},
            {"has_photo", !person->photo_key.empty()},
            {"declared_ms", person->declared_ms},
            {"created_ms", person->created_ms},
            {"submitted_ms", person->submitted_ms},
            {"form", std::move(form)},
            {"consents", consentsAsJson(snapshot, person_id)},
            {"history", historyAsJson(snapshot, person_id)}};
}

Erasure erasePersonalData(const Work& work, const Person& person)
{
    Erasure erasure;
    std::vector<Person> records = recordsOf(work, person, erasure);
    for (const Person& record : records) {
        erasure.refusal = hindrance(record);
        if (!erasure.refusal.empty()) {
            return erasure;
        }
    }
    erasure.linked = linkedTo(work, erasure.persons);
    for (Person& record : records) {
        eraseOne(work, std::move(record));
    }
    return erasure;
}

bool freesDocument(const Work& work, const std::string& person_id)
{
    const auto holder = work.rows().person(person_id);
    return holder && isErased(*holder) && erasePersonalData(work, *holder).refusal.empty();
}

} // namespace registration
