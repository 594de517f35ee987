#include "registration.hpp"

#include "api/editions.hpp"
#include "api/payables.hpp"
#include "api/person_actions.hpp"
#include "api/person_lists.hpp"
#include "api/quotas.hpp"
#include "flow/accounts.hpp"
#include "flow/orders.hpp"

#include <array>

#include <requests/dispatch.hpp>

namespace registration {

namespace {

using Write = requests::Entry<hub::Answer (*)(const Work&)>;
using Read = requests::Entry<hub::Answer (*)(const hub::Snapshot&, const hub::Event&)>;

constexpr std::array kWrites = {
    Write{HUB_SOURCE_EVENT, "organization.registered", &beginApplication},
    Write{HUB_SOURCE_REQUEST, "edition.put", &putEdition},
    Write{HUB_SOURCE_REQUEST, "delegations.put", &putDelegations},

    Write{HUB_SOURCE_EVENT, "order.created", &holdPersons},
    Write{HUB_SOURCE_EVENT, "order.canceled", &freePersons},
    Write{HUB_SOURCE_EVENT, "order.expired", &freePersons},
    Write{HUB_SOURCE_EVENT, "order.paid", &payPersons},
    Write{HUB_SOURCE_REQUEST, "quotas.put", &putQuotas},
    Write{HUB_SOURCE_REQUEST, "persons.categorize", &categorizePersons},
    Write{HUB_SOURCE_REQUEST, "person.categorize", &categorizePersons},
    Write{HUB_SOURCE_REQUEST, "persons.uncategorize", &uncategorizePersons},
    Write{HUB_SOURCE_REQUEST, "person.uncategorize", &uncategorizePersons},
    Write{HUB_SOURCE_REQUEST, "persons.lock", &lockPersons},
    Write{HUB_SOURCE_REQUEST, "person.lock", &lockPersons},
    Write{HUB_SOURCE_REQUEST, "persons.cancel", &cancelPersons},
    Write{HUB_SOURCE_REQUEST, "person.cancel", &cancelPersons},
    Write{HUB_SOURCE_REQUEST, "person.refuse_cancellation", &refuseCancellation},
    Write{HUB_SOURCE_REQUEST, "own_person.cancel", &cancelOwnPerson},
};

constexpr std::array kReads = {
    Read{HUB_SOURCE_REQUEST, "edition.show", &showEdition},
    Read{HUB_SOURCE_REQUEST, "delegations.list", &listDelegations},
    Read{HUB_SOURCE_ASK, "edition", &answerEdition},

    Read{HUB_SOURCE_ASK, "payables", &answerPayables},
    Read{HUB_SOURCE_REQUEST, "quotas.show", &showQuotas},
    Read{HUB_SOURCE_REQUEST, "persons.list", &listPersonsOfGroup},
    Read{HUB_SOURCE_REQUEST, "persons.counts", &showPersonCounts},
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

} // namespace registration
