#include "api/person_data.hpp"

#include "flow/erasure.hpp"

namespace registration {

namespace {

hub::Answer noSuchPerson()
{
    return {HUB_NOT_FOUND, "no person has this id", "", 0};
}

std::string argumentOf(const Work& work)
{
    return Json::parse(work.event().payload()).at("arguments").at(0);
}

} // namespace

hub::Answer answerPersonData(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json question = Json::parse(event.payload());
    return {HUB_OK, "", personData(snapshot, requests::textOf(question, "person_id")).dump(), 0};
}

hub::Answer exportPerson(const Work& work)
{
    const auto person = work.rows().person(argumentOf(work));
    if (!person) {
        return noSuchPerson();
    }
    const std::string state{toText(person->state)};
    work.rows().note({person->person_id, "export", state, state, "", work.actor()});
    Json data = personData(work.unit(), person->person_id);
    Json rows = Json::array();
    for (const auto& [name, value] : data.at("form").items()) {
        rows.push_back(Json::array({name, value}));
    }
    return requests::reported(std::move(data), {"field", "value"}, std::move(rows));
}

hub::Answer erasePerson(const Work& work)
{
    const auto person = work.rows().person(argumentOf(work));
    if (!person) {
        return noSuchPerson();
    }
    if (const std::string why = erasePersonalData(work, *person); !why.empty()) {
        return {HUB_REJECTED, why, "", 0};
    }
    return requests::reported({{"person_id", person->person_id}, {"erased", true}},
                              {"person", "erased"},
                              Json::array({Json::array({person->person_id, "yes"})}));
}

} // namespace registration
