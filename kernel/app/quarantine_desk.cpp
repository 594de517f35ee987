#include "app/quarantine_desk.hpp"

#include "app/admin_words.hpp"
#include "app/command_reply.hpp"
#include "base/uuid.hpp"
#include "journal/calls.hpp"
#include "journal/quarantine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;
using journal::Quarantine;

constexpr const char* kShowOperation = "quarantine.show";
constexpr const char* kNotInQuarantine = "the hub is not in quarantine";

bool asksAboutRestores(const plugin::Package& package)
{
    const auto& wishes = package.manifest.subscribes;
    return package.isolation == plugin::Isolation::InProcess &&
           std::any_of(wishes.begin(), wishes.end(), [](const auto& wish) {
               return wish.type == journal::kRestoredEvent;
           });
}

} // namespace

QuarantineDesk::QuarantineDesk(QuarantineParts parts)
    : parts_(parts)
{}

void QuarantineDesk::announce(journal::Lane& lane)
{
    if (!lane.isQuarantined()) {
        return;
    }
    lane.runNow([](journal::LaneContext& context) {
        auto state = Quarantine::read(context.group.connection());
        if (!state || state->announced) {
            return;
        }
        journal::Publication event;
        event.type = journal::kRestoredEvent;
        event.key = "hub";
        event.trace = base::makeTraceId();
        event.publisher = "hub";
        event.payload = base::Json{{"epoch", state->epoch},
                                   {"backup_ms", state->backup_ms},
                                   {"restored_ms", state->restored_ms}}
                            .dump();
        context.log.append(context.group, std::move(event));
        state->announced = true;
        Quarantine::write(context.group.connection(), *state);
    });
}

void QuarantineDesk::askPlugin(const plugin::Package& package, View& view)
{
    const std::string& id = package.manifest.id;
    plugin::InprocLibrary* library = parts_.fleet.inproc(id);
    if (library == nullptr) {
        ++view.open;
        view.reply.data["libraries"][id] = {{"open", 1}, {"state", "not running"}};
        view.reply.sections.push_back(
            {id, {"what", "state"}, {{"the plugin", "not running: it can't say what is open"}}});
        return;
    }
    journal::Envelope envelope;
    envelope.source = HUB_SOURCE_COMMAND;
    envelope.id = base::makeUuidV7(parts_.clock.nowMs());
    envelope.operation = kShowOperation;
    envelope.edition = parts_.settings.edition;
    envelope.trace = base::makeTraceId();
    envelope.principal = "hub";
    envelope.time_ms = parts_.clock.nowMs();
    envelope.payload = R"({"arguments":[]})";
    store::Lease snapshot = parts_.database.snapshot();
    AdminReply answer = commandReply(library->read(*snapshot, envelope));
    // A plugin that can't say it must not let money out of sight.
    const bool said = answer.data.is_object() && answer.data.contains("open");
    view.open += said ? answer.data.at("open").get<std::int64_t>() : 1;
    view.reply.data["libraries"][id] = said ? answer.data : base::Json{{"error", answer.error}};
    for (cli::Section& section : answer.sections) {
        view.reply.sections.push_back(std::move(section));
    }
}

QuarantineDesk::View QuarantineDesk::look()
{
    View view;
    std::int64_t held = 0;
    {
        store::Lease snapshot = parts_.database.snapshot();
        const auto state = Quarantine::read(*snapshot);
        if (!state) {
            view.reply.data = {{"quarantine", false}};
            view.reply.sections.push_back({"Quarantine", {"state"}, {{kNotInQuarantine}}});
            return view;
        }
        view.open =
            journal::Calls::notAskedYet(*snapshot, state->last_call) + (state->announced ? 0 : 1);
        held = journal::Calls::countHeld(*snapshot);
        view.reply.data = {{"quarantine", true},
                           {"epoch", state->epoch},
                           {"backup_ms", state->backup_ms},
                           {"restored_ms", state->restored_ms},
                           {"calls_not_asked", view.open},
                           {"calls_held", held},
                           {"libraries", base::Json::object()}};
        view.reply.sections.push_back({"Quarantine",
                                       {"backup of", "restored", "epoch", "not asked", "held"},
                                       {{toUtcText(state->backup_ms),
                                         toUtcText(state->restored_ms),
                                         std::to_string(state->epoch),
                                         std::to_string(view.open),
                                         std::to_string(held)}}});
    }
    for (const plugin::Package* package : parts_.catalogue.now().enabled()) {
        if (asksAboutRestores(*package)) {
            askPlugin(*package, view);
        }
    }
    view.reply.data["open"] = view.open;
    return view;
}

AdminReply QuarantineDesk::show()
{
    return look().reply;
}

AdminReply QuarantineDesk::release(const AdminRequest& request)
{
    const std::string reason = request.options.value("reason", "");
    const bool force = request.options.value("force", false);
    if (reason.empty()) {
        return AdminReply::failure(cli::kExitUsage,
                                   "quarantine release: say why with --reason TEXT");
    }
    if (!parts_.lane.isQuarantined()) {
        return AdminReply::failure(cli::kExitFailed, kNotInQuarantine);
    }
    View view = look();
    if (view.open > 0 && !force) {
        view.reply.exit = cli::kExitFailed;
        view.reply.error = fmt::format("{} are open; wait until they are known (`expohub "
                                       "quarantine show`), or give --force and answer for them",
                                       view.open);
        return std::move(view.reply);
    }
    parts_.lane.runNow([&](journal::LaneContext& context) {
        context.calls.release(context.group, context.quarantine);
        parts_.audit.write(context,
                           {request.actor,
                            "quarantine.released",
                            fmt::format("{} open{}", view.open, force ? ", forced" : ""),
                            reason,
                            base::makeTraceId(),
                            parts_.clock.nowMs()});
    });
    AdminReply reply;
    reply.data = {{"released", true}, {"open", view.open}};
    reply.sections.push_back({"Quarantine", {"state"}, {{"released"}}});
    return reply;
}

} // namespace hub::app
