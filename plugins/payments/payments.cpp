#include "payments.hpp"

#include "api/checkouts.hpp"
#include "api/commands.hpp"
#include "api/operation_commands.hpp"
#include "api/recovery_commands.hpp"
#include "api/requests.hpp"
#include "api/route_commands.hpp"
#include "api/views.hpp"
#include "flow/attempts.hpp"
#include "flow/callbacks.hpp"
#include "flow/checkouts.hpp"
#include "flow/creation.hpp"
#include "flow/recovery.hpp"
#include "flow/refunds.hpp"
#include "flow/work.hpp"

#include <array>
#include <string>

namespace payments {

namespace {

template <typename Handler>
struct Entry {
    std::uint32_t source;
    std::string_view operation;
    Handler handler;
};

using UnitHandler = hub::Answer (*)(const Work&, const hub::Event&);
using ReadHandler = hub::Answer (*)(const hub::Snapshot&, const hub::Event&, const Settings&);

constexpr std::array kWrites = {
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "payment.create", &createPayment},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "payment.cancel", &cancelPayment},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "attempt.create", &createAttempt},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "refund.create", &createRefund},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "checkout.create", &createCheckout},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "checkout.choose", &chooseWallet},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "method.stop", &stopMethod},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "method.start", &startMethod},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "golive.start", &startGoLiveCheck},
    Entry<UnitHandler>{HUB_SOURCE_COMMAND, "method.stop", &stopMethod},
    Entry<UnitHandler>{HUB_SOURCE_COMMAND, "method.start", &startMethod},
    Entry<UnitHandler>{HUB_SOURCE_COMMAND, "golive.start", &startGoLiveCheck},
    Entry<UnitHandler>{HUB_SOURCE_CALLBACK, "callback", &takeCallback},
};

constexpr std::array kReads = {
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "checkout.show", &showCheckout},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "checkout.get", &getCheckout},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "payment.get", &getPayment},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "payment.list", &listPayments},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "payment.timeline", &getTimeline},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "refund.get", &getRefund},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "method.list", &showMethods},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "golive.get", &showGoLive},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "status", &askStatus},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "payment.show", &showPayment},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "route.explain", &explainRoute},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "payment.list", &showPayments},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "ledger.check", &checkLedger},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "payment.exceptions", &showExceptions},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "method.list", &showMethods},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "golive.show", &showGoLive},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "quarantine.show", &showRecovery},
};

hub::Answer unsupported(const hub::Event& event)
{
    return {HUB_UNSUPPORTED,
            "payments does not know the operation \"" + std::string{event.operation()} + "\"",
            "",
            0};
}

hub::Answer takeOutcome(const Work& work, const hub::Event& event)
{
    const auto call = work.rows().call(static_cast<std::int64_t>(event.subject()));
    if (!call) {
        return {HUB_NOT_FOUND,
                "call " + std::to_string(event.subject()) + " was not made by payments",
                "",
                0};
    }
    const bool resolving =
        event.outcome() == HUB_OUTCOME_PENDING || event.outcome() == HUB_OUTCOME_UNRESOLVED;
    if (!resolving) {
        work.rows().markAnswered(call->call_id);
    }
    if (call->operation == "payer_identity") {
        if (!resolving) {
            takeIdentity(work, event, *call);
        }
        return {};
    }
    if (call->operation == "bill") {
        takeBill(work, event, *call);
        return {};
    }
    if (call->operation == "refund" || call->operation == "refund_query") {
        takeRefundOutcome(work, event, *call);
    } else {
        takeAttemptOutcome(work, event, *call);
    }
    noteAnswer(work, event, *call);
    return {};
}

hub::Answer takeTimer(const Work& work, const hub::Event& event)
{
    const std::string key{event.key()};
    if (event.type() == kAttemptTimer) {
        onAttemptTimer(work, key);
    } else if (event.type() == kOpenTimer) {
        onOpenTimer(work, key);
    } else if (event.type() == kPaymentTimer) {
        onPaymentTimer(work, key);
    } else if (event.type() == kRefundTimer) {
        onRefundTimer(work, key);
    } else if (event.type() == kRecoveryTimer) {
        onRecoveryTimer(work);
    }
    return {};
}

} // namespace

Payments::Payments(hub::Host host, std::string_view configuration_json)
    : Plugin(host)
    , settings_(parseSettings(configuration_json))
{}

hub::Answer Payments::unit(hub::Unit& unit, const hub::Event& event)
{
    const Work work{unit, event, settings_};
    if (event.source() == HUB_SOURCE_OUTCOME) {
        return takeOutcome(work, event);
    }
    if (event.source() == HUB_SOURCE_TIMER) {
        return takeTimer(work, event);
    }
    if (event.source() == HUB_SOURCE_EVENT && event.type() == kRestoredEvent) {
        onRestored(work, event);
        return {};
    }
    if (event.source() == HUB_SOURCE_EVENT && event.type() == kPaymentRequestedEvent) {
        return takePaymentRequest(work, event);
    }
    for (const auto& entry : kWrites) {
        if (entry.source == event.source() && entry.operation == event.operation()) {
            return entry.handler(work, event);
        }
    }
    return unsupported(event);
}

hub::Answer Payments::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    for (const auto& entry : kReads) {
        if (entry.source == event.source() && entry.operation == event.operation()) {
            return entry.handler(snapshot, event, settings_);
        }
    }
    return unsupported(event);
}

} // namespace payments
