#include "registration.hpp"

#include "api/editions.hpp"
#include "api/own_persons.hpp"
#include "api/past_persons.hpp"
#include "api/person_data.hpp"
#include "api/person_photos.hpp"
#include "api/person_submissions.hpp"
#include "api/persons.hpp"
#include "flow/accounts.hpp"
#include "flow/badge_photo.hpp"

#include <array>

#include <requests/dispatch.hpp>

namespace registration {

namespace {

using Write = requests::Entry<hub::Answer (*)(const Work&)>;
using Read = requests::Entry<hub::Answer (*)(const hub::Snapshot&, const hub::Event&)>;
using Task = requests::Entry<hub::Answer (*)(const hub::Host&, const hub::Event&)>;

constexpr std::array kTasks = {
    Task{HUB_SOURCE_REQUEST, "person.put_photo", &workOutPhoto},
    Task{HUB_SOURCE_REQUEST, "person.view_photo", &readPhoto},
    Task{HUB_SOURCE_REQUEST, "past_person.view_photo", &readPhoto},
};

constexpr std::array kWrites = {
    Write{HUB_SOURCE_EVENT, "organization.registered", &beginApplication},
    Write{HUB_SOURCE_REQUEST, "edition.put", &putEdition},
    Write{HUB_SOURCE_REQUEST, "delegations.put", &putDelegations},

    Write{HUB_SOURCE_REQUEST, "person.add", &addPerson},
    Write{HUB_SOURCE_REQUEST, "person.save", &savePerson},
    Write{HUB_SOURCE_REQUEST, "person.delete", &deletePerson},
    Write{HUB_SOURCE_REQUEST, "persons.delete", &deletePersons},
    Write{HUB_SOURCE_REQUEST, "person.submit", &submitOnePerson},
    Write{HUB_SOURCE_REQUEST, "persons.submit", &submitPersons},
    Write{HUB_SOURCE_REQUEST, "person.change_period", &changePeriod},
    Write{HUB_SOURCE_REQUEST, "person.change_delivery", &changeDelivery},
    Write{HUB_SOURCE_REQUEST, "person.put_photo", &putPhoto},
    Write{HUB_SOURCE_REQUEST, "person.view_photo", &viewPhoto},
    Write{HUB_SOURCE_REQUEST, "past_person.view_photo", &viewPastPhoto},
    Write{HUB_SOURCE_REQUEST, "past_persons.apply", &applyPastPersons},
    Write{HUB_SOURCE_COMMAND, "person.export", &exportPerson},
    Write{HUB_SOURCE_COMMAND, "person.erase", &erasePerson},
};

constexpr std::array kReads = {
    Read{HUB_SOURCE_REQUEST, "edition.show", &showEdition},
    Read{HUB_SOURCE_REQUEST, "delegations.list", &listDelegations},
    Read{HUB_SOURCE_ASK, "edition", &answerEdition},

    Read{HUB_SOURCE_REQUEST, "person.form", &showPersonForm},
    Read{HUB_SOURCE_REQUEST, "person.show", &showPerson},
    Read{HUB_SOURCE_REQUEST, "persons.search", &searchPersons},
    Read{HUB_SOURCE_REQUEST, "past_persons.list", &listPastPersons},
    Read{HUB_SOURCE_REQUEST, "past_person.show", &showPastPerson},
    Read{HUB_SOURCE_ASK, "person_data", &answerPersonData},
};

} // namespace

Registration::Registration(hub::Host host, std::string_view /*create_json*/)
    : Plugin(host)
{}

hub::Answer Registration::unit(hub::Unit& unit, const hub::Event& event)
{
    const auto handler = requests::findHandler(kWrites, event);
    return handler == nullptr ? requests::unsupported("registration", event)
                              : handler(Work{unit, event});
}

hub::Answer Registration::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto handler = requests::findHandler(kReads, event);
    return handler == nullptr ? requests::unsupported("registration", event)
                              : handler(snapshot, event);
}

void Registration::task(const hub::Event& event, hub::Reply reply)
{
    const auto handler = requests::findHandler(kTasks, event);
    reply.send(handler == nullptr ? requests::unsupported("registration", event)
                                  : handler(host(), event));
}

} // namespace registration
