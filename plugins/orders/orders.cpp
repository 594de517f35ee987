#include "orders.hpp"

#include "api/asks.hpp"
#include "api/checkouts.hpp"
#include "api/commands.hpp"
#include "api/exceptions.hpp"
#include "api/requests.hpp"
#include "api/views.hpp"
#include "flow/endings.hpp"
#include "flow/money.hpp"
#include "flow/work.hpp"

#include <array>
#include <string>

namespace orders {

namespace {

template <typename Handler>
struct Entry {
    std::uint32_t source;
    std::string_view operation;
    Handler handler;
};

using UnitHandler = hub::Answer (*)(const Work&, const hub::Event&);
using ReadHandler = hub::Answer (*)(const hub::Snapshot&, const hub::Event&);

constexpr std::array kWrites = {
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.quote", &quoteOrder},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.create", &createOrder},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.cancel", &cancelOrder},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.checkout", &requestCheckout},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "order.grant_exception", &grantException},
    Entry<UnitHandler>{HUB_SOURCE_COMMAND, "order.allow_late", &allowLate},
};

constexpr std::array kReads = {
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "order.get", &getOrder},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "order.list", &listOrders},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "finance.order_get", &getForFinance},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "finance.order_list", &listForFinance},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "of_persons", &askOfPersons},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "person_data", &askPersonData},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "order.show", &showOrder},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "order.list", &showOrders},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "order.unapplied", &showUnapplied},
};

template <typename Table>
const auto* find(const Table& table, const hub::Event& event)
{
    for (const auto& entry : table) {
        if (entry.source == event.source() && entry.operation == event.operation()) {
            return &entry;
        }
    }
    return static_cast<decltype(table.data())>(nullptr);
}

hub::Answer unsupported(const hub::Event& event)
{
    return {HUB_UNSUPPORTED,
            "orders does not know the operation \"" + std::string{event.operation()} + "\"",
            "",
            0};
}

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
    return event.type() == "person.canceled" ? takePersonCanceled(work, event)
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
    const auto* entry = find(kWrites, event);
    return entry == nullptr ? unsupported(event) : entry->handler(work, event);
}

hub::Answer Orders::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto* entry = find(kReads, event);
    return entry == nullptr ? unsupported(event) : entry->handler(snapshot, event);
}

} // namespace orders
