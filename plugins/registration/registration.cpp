#include "registration.hpp"

#include "api/editions.hpp"
#include "flow/accounts.hpp"

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
};

constexpr std::array kReads = {
    Read{HUB_SOURCE_REQUEST, "edition.show", &showEdition},
    Read{HUB_SOURCE_REQUEST, "delegations.list", &listDelegations},
    Read{HUB_SOURCE_ASK, "edition", &answerEdition},
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
