#include "api/payables.hpp"

#include "store/rows.hpp"

namespace registration {

namespace {

using requests::Json;

Json payable(const Person& person)
{
    return {{"person_id", person.person_id},
            {"edition", person.edition},
            {"state", toText(person.state)},
            {"order_id", person.order_id},
            {"category", person.category},
            {"admission_period", person.admission_period},
            {"delivery_method", person.delivery_method},
            {"reuse", person.reuse},
            {"upgraded", person.upgraded},
            {"name", requests::textOf(person.summary, "name")},
            {"document_masked", requests::textOf(person.summary, "document_masked")}};
}

} // namespace

hub::Answer answerPayables(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json question = Json::parse(event.payload());
    const std::string organization_id = requests::textOf(question, "organization_id");
    const ReadRows rows(snapshot);
    Json persons = Json::array();
    for (const Json& id : question.at("person_ids")) {
        const auto person = rows.person(id.get_ref<const std::string&>());
        if (person && person->organization_id == organization_id) {
            persons.push_back(payable(*person));
        }
    }
    const Json answer = {{"persons", std::move(persons)}};
    return {HUB_OK, "", answer.dump(), 0};
}

} // namespace registration
