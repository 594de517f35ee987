#include "api/asks.hpp"

#include "api/answers.hpp"
#include "store/rows.hpp"

#include <utility>

#include <requests/instant.hpp>

namespace orders {

hub::Answer askOfPersons(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json question = Json::parse(event.payload(), nullptr, false);
    const ReadRows rows{snapshot};
    Json persons = Json::array();
    for (const Json& item : itemsOf(question, "person_ids")) {
        const std::string person_id = item.is_string() ? item.get<std::string>() : "";
        persons.push_back({{"person_id", person_id}, {"order_ref", rows.holder(person_id)}});
    }
    return {HUB_OK, "", Json{{"persons", std::move(persons)}}.dump(), 0};
}

hub::Answer askPersonData(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json question = Json::parse(event.payload(), nullptr, false);
    const ReadRows rows{snapshot};
    Json held = Json::object();
    for (const Line& line : rows.linesOfPerson(textOf(question, "person_id"))) {
        const auto order = rows.order(line.number);
        if (!order) {
            continue;
        }
        held["orders"].push_back({{"order_ref", order->number},
                                  {"edition", order->edition},
                                  {"state", toText(order->state)},
                                  {"category", line.category},
                                  {"admission_period", line.admission_period},
                                  {"reuse", line.reuse},
                                  {"amount_minor", line.amount_minor},
                                  {"currency", order->currency},
                                  {"created_at", requests::toRfc3339(order->created_ms)}});
    }
    return {HUB_OK, "", held.dump(), 0};
}

} // namespace orders
