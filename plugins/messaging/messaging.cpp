#include "messaging.hpp"

#include "api/messages.hpp"
#include "api/templates.hpp"
#include "api/verifications.hpp"
#include "flow/notices.hpp"
#include "flow/reports.hpp"
#include "flow/retention.hpp"
#include "flow/sending.hpp"
#include "flow/work.hpp"

#include <array>
#include <string>

#include <requests/dispatch.hpp>

namespace messaging {

namespace {

using UnitHandler = hub::Answer (*)(const Work&, const hub::Event&);
using ReadHandler = hub::Answer (*)(const hub::Snapshot&, const hub::Event&, const Settings&);

constexpr std::array kWrites = {
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "verification.create", &createVerification},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "verification.confirm", &confirmVerification},
    requests::Entry<UnitHandler>{HUB_SOURCE_REQUEST, "template.put", &putTemplate},
    requests::Entry<UnitHandler>{HUB_SOURCE_CALLBACK, "callback", &takeReports},
};

constexpr std::array kReads = {
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "message.list", &listMessages},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "message.get", &getMessage},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "template.list", &listTemplates},
    requests::Entry<ReadHandler>{HUB_SOURCE_REQUEST, "template.get", &getTemplate},
    requests::Entry<ReadHandler>{HUB_SOURCE_ASK, "proof", &askProof},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "message.list", &showMessages},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "message.show", &showMessage},
    requests::Entry<ReadHandler>{HUB_SOURCE_COMMAND, "template.list", &showTemplates},
};

hub::Answer takeTimer(const Work& work, const hub::Event& event)
{
    if (event.type() == kQuietTimer) {
        onQuietTimer(work, std::string{event.key()});
    } else if (event.type() == kRetentionTimer) {
        onRetentionTimer(work);
    }
    return {};
}

} // namespace

Messaging::Messaging(hub::Host host, std::string_view configuration_json)
    : Plugin(host)
    , settings_(parseSettings(configuration_json))
{}

hub::Answer Messaging::unit(hub::Unit& unit, const hub::Event& event)
{
    const Work work{unit, event, settings_};
    switch (event.source()) {
    case HUB_SOURCE_OUTCOME:
        return takeOutcome(work, event);
    case HUB_SOURCE_TIMER:
        return takeTimer(work, event);
    case HUB_SOURCE_EVENT:
        return takeEvent(work, event);
    default:
        break;
    }
    const auto handler = requests::findHandler(kWrites, event);
    return handler == nullptr ? requests::unsupported("messaging", event) : handler(work, event);
}

hub::Answer Messaging::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto handler = requests::findHandler(kReads, event);
    return handler == nullptr ? requests::unsupported("messaging", event)
                              : handler(snapshot, event, settings_);
}

} // namespace messaging
