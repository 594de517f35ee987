#include "api/person_data.hpp"

#include "flow/erasure.hpp"
#include "flow/sealed_file.hpp"

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
    const auto request = requests::readRequest(work.event().payload());
    const bool has_photo = !person->photo_key.empty();
    if (has_photo && !request.task) {
        return requests::worksOn({{"digest", person->photo}, {"key", toBase64(person->photo_key)}});
    }
    const std::string state{toText(person->state)};
    work.rows().note({person->person_id, "export", state, state, "", work.actor()});
    Json data = personData(work.unit(), person->person_id);
    if (has_photo) {
        data["photo"] = {{"media_type", "image/jpeg"},
                         {"content_base64", request.task->at("content_base64")}};
    }
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
    const Erasure erasure = erasePersonalData(work, *person);
    if (!erasure.refusal.empty()) {
        return {HUB_REJECTED, erasure.refusal, "", 0};
    }
    Json rows = Json::array();
    for (const std::string& id : erasure.persons) {
        rows.push_back(Json::array({id, "yes"}));
    }
    for (const std::string& id : erasure.kept) {
        rows.push_back(Json::array({id,
                                    "no: of the same document, and came in since the erasure; "
                                    "erase it by its own id if it has to go, too"}));
    }
    for (const std::string& id : erasure.linked) {
        rows.push_back(Json::array({id, "no: linked, with another document; look at it"}));
    }
    return requests::reported({{"person_id", person->person_id},
                               {"erased", true},
                               {"persons", erasure.persons},
                               {"kept", erasure.kept},
                               {"linked", erasure.linked}},
                              {"person", "erased"},
                              std::move(rows));
}

} // namespace registration
