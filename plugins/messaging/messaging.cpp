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

namespace messaging {

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
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "verification.create", &createVerification},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "verification.confirm", &confirmVerification},
    Entry<UnitHandler>{HUB_SOURCE_REQUEST, "template.put", &putTemplate},
    Entry<UnitHandler>{HUB_SOURCE_CALLBACK, "callback", &takeReports},
};

constexpr std::array kReads = {
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "message.list", &listMessages},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "message.get", &getMessage},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "template.list", &listTemplates},
    Entry<ReadHandler>{HUB_SOURCE_REQUEST, "template.get", &getTemplate},
    Entry<ReadHandler>{HUB_SOURCE_ASK, "proof", &askProof},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "message.list", &showMessages},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "message.show", &showMessage},
    Entry<ReadHandler>{HUB_SOURCE_COMMAND, "template.list", &showTemplates},
};

hub::Answer unsupported(const hub::Event& event)
{
    return {HUB_UNSUPPORTED,
            "messaging does not know the operation \"" + std::string{event.operation()} + "\"",
            "",
            0};
}

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
    for (const auto& entry : kWrites) {
        if (entry.source == event.source() && entry.operation == event.operation()) {
            return entry.handler(work, event);
        }
    }
    return unsupported(event);
}

hub::Answer Messaging::read(const hub::Snapshot& snapshot, const hub::Event& event)
{
    for (const auto& entry : kReads) {
        if (entry.source == event.source() && entry.operation == event.operation()) {
            return entry.handler(snapshot, event, settings_);
        }
    }
    return unsupported(event);
}

} // namespace messaging
