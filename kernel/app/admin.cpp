#include "app/admin.hpp"

#include "app/command_reply.hpp"
#include "app/doctor.hpp"
#include "app/machine.hpp"
#include "app/plugin_commands.hpp"
#include "app/plugin_works.hpp"
#include "app/secret_commands.hpp"
#include "app/slow_work.hpp"
#include "base/uuid.hpp"

#include <fmt/format.h>

#include <future>
#include <memory>
#include <utility>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

AdminReply done(base::Json data = base::Json::object())
{
    AdminReply reply;
    reply.data = std::move(data);
    return reply;
}

AdminReply replyOf(const Result<void>& result)
{
    return result.ok() ? done() : AdminReply::failure(cli::kExitFailed, result.error().message);
}

std::string argument(const AdminRequest& request, std::size_t index)
{
    return index < request.words.size() ? request.words[index] : "";
}

} // namespace

Admin::Admin(AdminParts parts)
    : parts_(parts)
    , quarantine_({parts.catalogue,
                   parts.settings,
                   parts.clock,
                   parts.database,
                   parts.lane,
                   parts.fleet,
                   parts.audit})
{
    addBackupCommands();
    addAccountCommands();
    const auto add = [this](const char* words, auto&& body) {
        commands_[words] = [body](const AdminRequest& request, cli::AdminStream&) {
            return body(request);
        };
    };
    commands_["event tail"] = [this](const AdminRequest& request, cli::AdminStream& stream) {
        return eventTail(request, stream);
    };
    add("commands", [this](const AdminRequest&) { return commandList(); });
    add("plugin list", [this](const AdminRequest&) { return pluginList(); });
    add("plugin approve", [this](const AdminRequest& request) { return pluginApprove(request); });
    for (const char* verb : {"enable", "disable", "restart"}) {
        add(("plugin " + std::string{verb}).c_str(),
            [this, verb](const AdminRequest& request) { return pluginSwitch(request, verb); });
    }
    add("plugin reload", [this](const AdminRequest& request) { return pluginReload(request); });
    add("plugin admit", [this](const AdminRequest& request) { return pluginAdmit(request); });
    add("event show", [this](const AdminRequest& request) { return eventShow(request); });
    add("event replay", [this](const AdminRequest& request) { return eventReplay(request); });
    add("dead-letter list",
        [this](const AdminRequest& request) { return deadLetterList(request); });
    add("dead-letter show",
        [this](const AdminRequest& request) { return deadLetterShow(request); });
    add("dead-letter replay",
        [this](const AdminRequest& request) { return deadLetterDecide(request, true); });
    add("dead-letter dismiss",
        [this](const AdminRequest& request) { return deadLetterDecide(request, false); });
    add("job list", [this](const AdminRequest& request) { return jobList(request); });
    add("job cancel", [this](const AdminRequest& request) { return jobCancel(request); });
    add("doctor", [this](const AdminRequest&) { return doctor(); });
    add("audit verify", [this](const AdminRequest&) { return auditVerify(); });
    add("audit list", [this](const AdminRequest& request) { return auditList(request); });
    add("api-key create", [this](const AdminRequest& request) { return apiKeyCreate(request); });
    add("api-key list", [this](const AdminRequest&) { return apiKeyList(); });
    add("api-key revoke", [this](const AdminRequest& request) { return apiKeyRevoke(request); });
    add("session list", [this](const AdminRequest& request) { return sessionList(request); });
    add("session end", [this](const AdminRequest& request) { return sessionEnd(request); });
    add("secret put", [this](const AdminRequest& request) {
        AdminReply reply = putSecret(parts_.secrets, request);
        if (reply.exit == cli::kExitOk) {
            audit(request, "secret.put", argument(request, 2));
        }
        return reply;
    });
    add("secret list", [this](const AdminRequest&) { return listSecrets(parts_.secrets); });
    add("secret retire", [this](const AdminRequest& request) {
        AdminReply reply = retireSecret(parts_.secrets, request);
        if (reply.exit == cli::kExitOk) {
            audit(request, "secret.retired", argument(request, 2), argument(request, 3));
        }
        return reply;
    });
}

AdminReply Admin::handle(const AdminRequest& request, cli::AdminStream& stream)
{
    if (request.words.empty()) {
        return AdminReply::failure(cli::kExitUsage, "no command was given");
    }
    // Own commands have one or two words; plugins' commands are looked up after them.
    const std::string one = request.words[0];
    const std::string two = request.words.size() > 1 ? one + " " + request.words[1] : one;
    for (const std::string& words : {two, one}) {
        if (const auto found = commands_.find(words); found != commands_.end()) {
            return found->second(request, stream);
        }
    }
    return pluginCommand(request);
}

AdminReply Admin::pluginList()
{
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{
        "Libraries",
        {"library", "version", "kind", "runs", "state", "reason", "replacement", "sandbox"},
        {}};
    const std::string warning =
        sandboxWarning(parts_.settings.plugin_host.sandbox, Machine::probe());
    for (const LibraryStatus& library : parts_.fleet.list()) {
        const bool has_walls = library.isolation == "process";
        const std::string sandbox = !has_walls ? "" : warning.empty() ? "whole" : warning;
        reply.data.push_back({{"library", library.id},
                              {"version", library.version},
                              {"kind", library.kind},
                              {"isolation", library.isolation},
                              {"state", library.state},
                              {"reason", library.reason},
                              {"replacement", library.replacement},
                              {"sandbox", sandbox}});
        section.rows.push_back({library.id,
                                library.version,
                                library.kind,
                                library.isolation,
                                library.state,
                                library.reason,
                                library.replacement,
                                sandbox});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::pluginSwitch(const AdminRequest& request, const std::string& verb)
{
    const std::string library = argument(request, 2);
    Result<void> result;
    if (verb == "enable") {
        result = parts_.fleet.enable(library, request.actor);
    } else if (verb == "disable") {
        result = parts_.fleet.disable(library, request.actor);
    } else {
        result = parts_.fleet.restart(library);
    }
    if (result.ok()) {
        audit(request, "plugin." + verb, library);
    }
    return replyOf(result);
}

AdminReply Admin::pluginReload(const AdminRequest& request)
{
    const auto said = parts_.fleet.reload(request.actor);
    if (!said.ok()) {
        return AdminReply::failure(cli::kExitFailed, said.error().message);
    }
    AdminReply reply = done({{"changes", said.value()}});
    cli::Section section{"Changes", {"change"}, {}};
    for (const std::string& each : said.value()) {
        section.rows.push_back({each});
    }
    if (section.rows.empty()) {
        section.rows.push_back({"nothing has changed"});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::pluginAdmit(const AdminRequest& request)
{
    const std::string library = argument(request, 2);
    const auto result = parts_.fleet.admit(library);
    if (result.ok()) {
        audit(request, "plugin.admit", library);
    }
    return replyOf(result);
}

AdminReply Admin::doctor()
{
    std::vector<Finding> findings = examineInstallation(parts_.settings);
    for (const LibraryStatus& library : parts_.fleet.list()) {
        const bool well = library.state == "started" || library.state == "stopped";
        findings.push_back({"library " + library.id,
                            well ? Finding::Kind::Good : Finding::Kind::Bad,
                            library.state + (well ? "" : ": " + library.reason)});
    }
    const journal::LaneCounters& lane = parts_.lane.counters();
    findings.push_back({"lane",
                        lane.healthy ? Finding::Kind::Good : Finding::Kind::Bad,
                        fmt::format("{} groups, {} units, {} events, {} groups begun again",
                                    lane.groups.load(),
                                    lane.units.load(),
                                    lane.events.load(),
                                    lane.groups_broken.load())});
    findings.push_back(parts_.lane.isQuarantined()
                           ? Finding{"quarantine",
                                     Finding::Kind::Warning,
                                     "the store was restored: nothing is sent and no request is "
                                     "taken; see `expohub quarantine show`"}
                           : Finding{"quarantine", Finding::Kind::Good, "none"});
    findings.push_back({"store settings", Finding::Kind::Good, storeSettingsText()});
    if (parts_.database.backend() == store::Backend::SQLite) {
        findings.push_back({"store pages",
                            Finding::Kind::Good,
                            "not read while the hub runs; every backup reads those of its copy, "
                            "and doctor all of them when the hub stands still"});
    }
    for (const auto& [name, view] : parts_.lane.subscribers()) {
        const bool well = view.dead == 0 && view.lag < 10000;
        findings.push_back(
            {"subscriber " + name,
             well ? Finding::Kind::Good : Finding::Kind::Warning,
             fmt::format("{} behind, {} parked, {} dead", view.lag, view.parked, view.dead)});
    }
    for (const egress::AccountHealth& health : parts_.exchanger.health()) {
        const bool open = health.breaker == egress::BreakerState::Open;
        findings.push_back({"account " + health.account,
                            open ? Finding::Kind::Warning : Finding::Kind::Good,
                            fmt::format("{} answered, {} not sent, {} unknown{}",
                                        health.answered,
                                        health.not_sent,
                                        health.unknown,
                                        open ? "; its breaker is open" : "")});
    }
    return reportOf(findings);
}

std::string Admin::storeSettingsText()
{
    if (parts_.database.backend() == store::Backend::PostgreSQL) {
        return "PostgreSQL";
    }
    std::string text = "SQLite";
    parts_.lane.runNow([&](journal::LaneContext& context) {
        for (const char* name :
             {"journal_mode", "synchronous", "page_size", "wal_autocheckpoint"}) {
            auto& query = context.group.connection().prepare(std::string{"PRAGMA "} + name);
            // To its end: an open PRAGMA would keep the savepoint from being released.
            while (query.step()) {
                text += fmt::format(" {}={}", name, query.text(0));
            }
        }
    });
    return text;
}

AdminReply Admin::commandList()
{
    AdminReply reply;
    reply.data = base::Json::array();
    for (const plugin::Package* package : parts_.catalogue.now().enabled()) {
        for (const plugin::Command& command : package->manifest.commands) {
            reply.data.push_back({{"name", command.name},
                                  {"arguments", command.arguments},
                                  {"title", command.title}});
        }
    }
    return reply;
}

AdminReply Admin::pluginCommand(const AdminRequest& request)
{
    const auto found = findCommand(parts_.catalogue.now(), request);
    if (!found) {
        return AdminReply::failure(cli::kExitUsage,
                                   "no command \"" + request.words[0] + "\"; see `expohub --help`");
    }
    const std::string& id = found->package.manifest.id;
    plugin::InprocLibrary* library = parts_.fleet.inproc(id);
    if (library == nullptr) {
        return AdminReply::failure(
            cli::kExitFailed, "the plugin " + id + " is not running; see `expohub plugin list`");
    }
    const auto file = fileOf(*found, request);
    if (!file.ok()) {
        return AdminReply::failure(cli::kExitUsage, file.error().message);
    }
    const journal::Envelope envelope = commandEnvelope(
        *found, request, parts_.settings.edition, parts_.clock.nowMs(), file.value());
    if (found->command.is_unit) {
        return runUnit(*library, envelope, request, file.value());
    }
    store::Lease snapshot = parts_.database.snapshot();
    return commandReply(library->read(*snapshot, envelope));
}

AdminReply Admin::runUnit(plugin::InprocLibrary& library,
                          const journal::Envelope& envelope,
                          const AdminRequest& request,
                          const plugin::FileBytes& file)
{
    if (parts_.lane.isQuarantined()) {
        return AdminReply::failure(cli::kExitFailed,
                                   "the hub is in quarantine; see `expohub quarantine show`");
    }
    audit(request,
          envelope.operation,
          library.id(),
          fmt::format("{}", fmt::join(request.words.begin() + 2, request.words.end(), " ")));
    const Answer answer = runOnLane(library, envelope);
    const auto said = base::parseJson(answer.payload);
    if (answer.status != HUB_OK || !said.ok() || !said.value().contains("task")) {
        return commandReply(answer);
    }
    constexpr std::int64_t kWorkMs = 10 * 60 * 1000; // an operator waits, no client
    journal::Envelope again = envelope;
    again.deadline_ms = parts_.clock.nowMs() + kWorkMs;
    auto payload = workOut(&library,
                           again,
                           said.value().at("task"),
                           envelope.payload,
                           std::make_shared<plugin::RequestFiles>(file, 0));
    if (!payload.ok()) {
        return commandReply({payload.error().code, payload.error().message, "", 0});
    }
    again.payload = std::move(payload).value();
    return commandReply(runOnLane(library, again));
}

Answer Admin::runOnLane(const plugin::InprocLibrary& library, const journal::Envelope& envelope)
{
    auto done = std::make_shared<std::promise<Answer>>();
    auto answer = done->get_future();
    parts_.lane.submit(
        unitWork(library.id(), envelope, "command:" + envelope.operation, std::move(done)));
    return answer.get();
}

} // namespace hub::app
