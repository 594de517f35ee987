#include "orders.hpp"

#include "api/asks.hpp"
#include "api/checkouts.hpp"
#include "api/commands.hpp"
#include "api/exceptions.hpp"
#include "api/requests.hpp"
#include "api/views.hpp"
#include "flow/checkout_wishes.hpp"
#include "flow/endings.hpp"
#include "flow/money.hpp"
#include "flow/work.hpp"

#include <array>
#include <string>

#include <requests/dispatch.hpp>

namespace orders {

namespace {

using UnitHandler = hub::Answer (*)(const Work&, const hub::Event&);
using ReadHandler = hub::Answer (*)(const hub::Snapshot&, const hub::Event&);

constexpr std::array kWrites = {
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.quote", &quoteOrder},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.create", &createOrder},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.cancel", &cancelOrder},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.checkout", &requestCheckout},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.grant_exception", &grantException},
    requests::Entry<UnitHandler>{HUB_SOURCE_COMMAND, "order.allow_late", &allowLate},
};

constexpr std::array kReads = {
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "order.get", &getOrder},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "order.list", &listOrders},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "finance.order_get", &getForFinance},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "finance.order_list", &listForFinance},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "of_persons", &askOfPersons},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "person_data", &askPersonData},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "order.show", &showOrder},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "order.list", &showOrders},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "order.unapplied", &showUnapplied},
};

hub::Answer takeTimer(const Work& work, const hub::Event& event)
{
    if (event.type() == kExpiryTimer) {
        onExpiryTimer(work, std::string{event.key()});
    } else if (event.type() == kReminderTimer) {
        onReminderTimer(work, std::string{event.key()});
    }
    return {};
}

hub::Answer takeEvent(const Work& work, const hub::Event& event)
{
    if (event.type() == "person.canceled") {
        return takePersonCanceled(work, event);
    }
    return event.type() == "payment.declined" ? takePaymentDeclined(work, event)
                                              : takePaymentEvent(work, event);
}

} // namespace

Orders::Orders(hub::Host host, std::string_view create_json)
    : Plugin(host)
    , settings_(parseSettings(create_json))
{}

hub::Answer Orders::unit(hub::Unit& unit, const hub::Event& event)
{
    const Work work{unit, event, settings_};
    if (event.source() == HUB_SOURCE_TIMER) {
        return takeTimer(work, event);
    }
    if (event.source() == HUB_SOURCE_EVENT) {
        return takeEvent(work, event);
    }
    const auto handler = requests::findHandler(kWrites, event);
    return handler == nullptr ? requests::unsupported("orders", event) : handler(work, event);
}

hub::Answer Orders::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto handler = requests::findHandler(kReads, event);
    return handler == nullptr ? requests::unsupported("orders", event) : handler(snapshot, event);
}

} // namespace orders
