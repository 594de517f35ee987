#include "app/hub_backend.hpp"

#include "app/account_routes.hpp"
#include "app/plugin_works.hpp"
#include "app/session_upkeep.hpp"
#include "app/slow_work.hpp"
#include "base/encoding.hpp"
#include "base/failpoint.hpp"
#include "base/uuid.hpp"
#include "egress/masking.hpp"
#include "gateway/pages.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "plugin/web_files.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace hub::app {

namespace {

// Together below the 5 s in which providers want an answer.
constexpr std::int64_t kReadingMs = 4000;
constexpr const char* kCallbackOperation = "callback";

const observe::Counter kCallbacks{
    "hub_callbacks_total", "Callbacks of providers by how they ended.", {"connector", "ended"}};

gateway::CallbackReply toReply(const base::Json& answer)
{
    gateway::CallbackReply reply;
    reply.http_status = answer.value("status", 500);
    reply.media_type = answer.value("media_type", "text/plain");
    reply.body = answer.value("body", "");
    return reply;
}

bool isTaken(hub_status status)
{
    return status == HUB_OK || status == HUB_ALREADY_DONE;
}

} // namespace

HubBackend::HubBackend(BackendParts parts)
    : parts_(parts)
{}

std::vector<gateway::Route> HubBackend::routes() const
{
    std::vector<gateway::Route> routes = accountRoutes();
    for (const plugin::Package* package : parts_.catalogue.now().enabled()) {
        for (const plugin::RouteSpec& spec : package->routes) {
            gateway::Route route;
            route.library = spec.library;
            route.operation = spec.operation;
            route.method = spec.method;
            route.path = spec.path;
            route.mode = static_cast<gateway::Route::Mode>(spec.mode);
            route.scope = spec.scope;
            route.page = spec.page;
            route.idempotent = spec.idempotent;
            route.title = spec.title;
            route.query = spec.query;
            route.request = spec.request;
            if (spec.upload) {
                route.upload = {spec.upload->bytes_max, spec.upload->media_types};
            }
            route.download_bytes_max = spec.download_bytes_max;
            route.answers = spec.answers;
            routes.push_back(std::move(route));
        }
    }
    return routes;
}

std::vector<gateway::Asset> HubBackend::assets() const
{
    std::vector<gateway::Asset> assets;
    for (const plugin::Package* package : parts_.catalogue.now().enabled()) {
        for (plugin::WebFile& file : plugin::readWebFiles(package->folder / "web")) {
            std::string path = std::string(gateway::kAssetPrefix) + package->manifest.id + "/";
            path += file.name;
            assets.push_back({std::move(path), std::move(file.media_type), std::move(file.bytes)});
        }
    }
    return assets;
}

std::vector<gateway::EventDescription> HubBackend::events() const
{
    std::vector<gateway::EventDescription> events;
    for (const plugin::Package* package : parts_.catalogue.now().enabled()) {
        for (const plugin::EventSpec& spec : package->events) {
            events.push_back({package->manifest.id,
                              spec.type,
                              spec.version,
                              spec.title,
                              spec.about,
                              spec.key,
                              spec.payload,
                              spec.examples});
        }
    }
    return events;
}

gateway::Reply HubBackend::write(const gateway::Request& request)
{
    if (request.route->library == kHubLibrary) {
        return answerAccounts(parts_.accounts, request);
    }
    if (parts_.lane.isQuarantined()) {
        gateway::Reply refused;
        refused.status = HUB_UNAVAILABLE;
        refused.answer = {
            {"status", 503},
            {"problem",
             {{"code", "quarantine"},
              {"detail",
               "The hub was restored from a backup and is in quarantine until its operator "
               "releases it; ask again later with the same key."}}}};
        return refused;
    }
    if (request.route->mode == gateway::Route::Mode::Task) {
        plugin::InprocLibrary* library = parts_.fleet.inproc(request.route->library);
        return library == nullptr
                   ? replyOf({HUB_UNAVAILABLE, "the plugin is not running", "", 0})
                   : replyOf(library->task(envelopeOf(request, parts_.clock.nowMs())));
    }
    HUB_FAILPOINT(RequestReceived);
    gateway::Reply answer = runUnit(request);
    if (answer.task) {
        answer = runTwice(request, *answer.task);
    }
    HUB_FAILPOINT(RequestAnswering);
    return answer;
}

gateway::Reply HubBackend::runUnit(const gateway::Request& request)
{
    auto done = std::make_shared<std::promise<gateway::Reply>>();
    auto reply = done->get_future();
    parts_.lane.submit(requestWork(request, parts_.sessions, std::move(done)));
    return reply.get();
}

gateway::Reply HubBackend::runRead(const gateway::Request& request)
{
    plugin::InprocLibrary* library = parts_.fleet.inproc(request.route->library);
    if (library == nullptr) {
        return replyOf({HUB_UNAVAILABLE, "the plugin is not running", "", 0});
    }
    try {
        store::Lease snapshot = parts_.database.snapshot();
        return replyOf(library->read(*snapshot, envelopeOf(request, parts_.clock.nowMs())));
    } catch (const base::Failure& failure) {
        return replyOf({failure.status(), failure.message(), "", 0});
    }
}

gateway::Reply HubBackend::runOnce(const gateway::Request& request)
{
    return request.route->mode == gateway::Route::Mode::Read ? runRead(request) : runUnit(request);
}

gateway::Reply HubBackend::runTwice(const gateway::Request& request, const base::Json& wanted)
{
    const auto files =
        std::make_shared<plugin::RequestFiles>(request.upload, request.route->download_bytes_max);
    gateway::Request again = request;
    auto payload = workOut(parts_.fleet.inproc(request.route->library),
                           envelopeOf(request, parts_.clock.nowMs()),
                           wanted,
                           std::move(again.payload),
                           files);
    if (!payload.ok()) {
        return replyOf({payload.error().code, payload.error().message, "", 0});
    }
    again.payload = std::move(payload).value();
    gateway::Reply answer = runOnce(again);
    const bool found = !answer.file || (answer.file->bytes = files->find(answer.file->digest));
    if (answer.task || !found) {
        observe::Log("gateway")
            .withLibrary(request.route->library)
            .error("{}: {}",
                   request.route->operation,
                   found ? "a task was asked for twice"
                         : "the answer is a file that the task did not write");
        return replyOf({HUB_INTERNAL, "", "", 0});
    }
    return answer;
}

gateway::Reply HubBackend::read(const gateway::Request& request)
{
    if (request.route->library == kHubLibrary) {
        return answerAccounts(parts_.accounts, request);
    }
    gateway::Reply answer = runRead(request);
    return answer.task ? runTwice(request, *answer.task) : answer;
}

void HubBackend::endSession(const std::string& id)
{
    parts_.lane.runNow([&](journal::LaneContext& context) {
        (void)parts_.sessions.end(sessionChange(context.group), "", id);
    });
}

bool HubBackend::awaitOutcome(hub_call_id call, std::int64_t deadline_ms)
{
    return parts_.waiters.await(call, deadline_ms);
}

std::string HubBackend::contractRead(const std::string& connector) const
{
    const plugin::Package* package = parts_.catalogue.now().findPackage(connector);
    if (package != nullptr) {
        for (const plugin::Implementation& item : package->manifest.implements) {
            const auto& names = item.operations;
            if (std::find(names.begin(), names.end(), kCallbackOperation) != names.end()) {
                return item.contract;
            }
        }
    }
    return "";
}

std::string HubBackend::foreign(const gateway::Callback& callback) const
{
    const plugin::Package* package = parts_.catalogue.now().libraryOf(callback.account);
    const config::Account* account =
        package == nullptr ? nullptr : package->findAccount(callback.account);
    if (account == nullptr || package->manifest.id != callback.connector) {
        return "no such account";
    }
    bool known = false;
    for (const std::string& token : account->callback_tokens) {
        known = base::equalConstantTime(token, callback.token) || known;
    }
    if (!known) {
        return "wrong path token";
    }
    return contractRead(callback.connector).empty() ? "the connector reads no callbacks" : "";
}

HubBackend::Reading HubBackend::readByConnector(const gateway::Callback& callback,
                                                const std::string& contract)
{
    base::Json headers = base::Json::object();
    for (const auto& [name, value] : callback.headers) {
        // Bytes that are no text can't be a header that a provider signs.
        headers[name] = base::isUtf8(value) ? value : "";
    }
    journal::CallDelivery call;
    call.uuid = base::makeUuidV7(parts_.clock.nowMs());
    call.contract = contract;
    call.operation = kCallbackOperation;
    call.account = callback.account;
    call.connector = callback.connector;
    call.trace = callback.trace;
    call.edition = parts_.settings.edition;
    call.principal = "hub";
    call.safe = true;
    call.created_ms = parts_.clock.nowMs();
    call.deadline_ms = call.created_ms + kReadingMs;
    call.payload = base::Json{{"method", callback.method},
                              {"path", callback.path},
                              {"query", callback.query},
                              {"headers", headers},
                              {"body_base64", base::toBase64(callback.body)}}
                       .dump();
    const journal::CallAnswer answer = parts_.bridge.readCallback(std::move(call), kReadingMs);
    Reading reading{answer.status, answer.message, base::Json::object()};
    if (isTaken(answer.status) || answer.status == HUB_REJECTED) {
        const auto fits =
            parts_.directory.checkResult(contract, kCallbackOperation, answer.payload);
        if (!fits.ok()) {
            return {HUB_INTERNAL, "the reading breaks the contract: " + fits.error().message, {}};
        }
        reading.payload = base::Json::parse(answer.payload);
        const bool complete =
            reading.payload.contains("ack") && reading.payload.contains("reading");
        if (isTaken(answer.status) && !complete) {
            return {HUB_INTERNAL, "the reading lacks \"ack\" or \"reading\"", {}};
        }
    }
    return reading;
}

Answer HubBackend::takeIn(const gateway::Callback& callback,
                          const std::string& contract,
                          const Reading& reading)
{
    const plugin::Package* owner = parts_.catalogue.now().ownerOf(contract);
    if (owner == nullptr) {
        return {HUB_UNAVAILABLE, "no plugin owns the contract " + contract, "", 0};
    }
    journal::Envelope envelope;
    envelope.source = HUB_SOURCE_CALLBACK;
    envelope.id = base::makeUuidV7(parts_.clock.nowMs());
    envelope.type = contract;
    envelope.operation = kCallbackOperation;
    envelope.edition = parts_.settings.edition;
    envelope.account = callback.account; // of the address: the connector can't forge it
    envelope.trace = callback.trace;
    envelope.principal = "library:" + callback.connector;
    envelope.time_ms = parts_.clock.nowMs();
    envelope.payload = reading.payload.at("reading").dump();
    auto done = std::make_shared<std::promise<Answer>>();
    auto answer = done->get_future();
    parts_.lane.submit(unitWork(owner->manifest.id,
                                std::move(envelope),
                                "callback:" + base::sha256Hex(callback.body),
                                std::move(done)));
    return answer.get();
}

/// A provider that only tries whether signatures are verified is no alarm: counted and recorded.
std::string HubBackend::refuseRead(const gateway::Callback& callback, const Reading& reading)
{
    if (reading.payload.value("probe", false)) {
        kCallbacks.add({callback.connector, "probe"});
        return "probe";
    }
    callbackRefused(callback, reading.message);
    return "refused: " + reading.message;
}

gateway::CallbackReply HubBackend::callback(const gateway::Callback& callback)
{
    const std::int64_t started_ms = parts_.clock.nowMs();
    gateway::CallbackReply reply;
    if (const std::string why = foreign(callback); !why.empty()) {
        callbackRefused(callback, why);
        reply.http_status = 404;
        return reply;
    }
    if (parts_.lane.isQuarantined()) {
        // The provider repeats it: by then the store knows what was queried.
        kCallbacks.add({callback.connector, "quarantine"});
        record(callback, reply, "quarantine", started_ms);
        return reply;
    }
    const std::string contract = contractRead(callback.connector);
    const Reading reading = readByConnector(callback, contract);
    HUB_FAILPOINT(CallbackRead);
    std::string ended = "unavailable";
    if (reading.status == HUB_REJECTED) {
        reply = toReply(reading.payload.at("nack"));
        ended = refuseRead(callback, reading);
    } else if (isTaken(reading.status)) {
        const Answer answer = takeIn(callback, contract, reading);
        if (isTaken(answer.status)) {
            reply = toReply(reading.payload.at("ack"));
            ended = answer.status == HUB_OK ? "taken" : "repeat";
            kCallbacks.add({callback.connector, ended});
        } else if (answer.status == HUB_REJECTED || answer.status == HUB_NOT_FOUND) {
            callbackRefused(callback, answer.message);
            reply = toReply(reading.payload.at("nack"));
            ended = "refused: " + answer.message;
        }
    }
    if (ended == "unavailable") {
        kCallbacks.add({callback.connector, ended});
    }
    record(callback, reply, ended, started_ms);
    HUB_FAILPOINT(CallbackAnswering);
    return reply;
}

void HubBackend::record(const gateway::Callback& callback,
                        const gateway::CallbackReply& reply,
                        const std::string& ended,
                        std::int64_t started_ms)
{
    const plugin::Package* package = parts_.catalogue.now().findPackage(callback.connector);
    egress::Record record;
    record.id = base::makeUuidV7(started_ms);
    record.direction = "in";
    record.ticket.connector = callback.connector;
    record.ticket.account = callback.account;
    record.ticket.operation = kCallbackOperation;
    record.ticket.trace = callback.trace;
    record.method = callback.method;
    record.host = callback.client_ip;
    // The path holds the token that proves the address.
    record.path = "/callback/" + callback.connector + "/" + callback.account + "/…";
    // Gone meanwhile: nobody can say what must be masked.
    record.request = package == nullptr || isPersonal(callback.connector)
                         ? "(personal: not recorded)"
                         : egress::maskMessage(callback.headers,
                                               callback.body,
                                               package->manifest.http.mask_request);
    record.request_bytes = static_cast<std::int64_t>(callback.body.size());
    record.request_digest = base::sha256Hex(callback.body);
    record.http_status = reply.http_status;
    record.response = reply.body;
    record.response_bytes = static_cast<std::int64_t>(reply.body.size());
    record.response_digest = base::sha256Hex(reply.body);
    record.ended = ended;
    record.started_ms = started_ms;
    record.ended_ms = parts_.clock.nowMs();
    parts_.exchanges.recordExchange(record);
}

bool HubBackend::isPersonal(const std::string& connector) const
{
    const plugin::Contract* contract = parts_.catalogue.now().findContract(contractRead(connector));
    return contract != nullptr && contract->personal;
}

void HubBackend::callbackRefused(const gateway::Callback& callback, const std::string& reason)
{
    const bool known = parts_.catalogue.now().findPackage(callback.connector) != nullptr;
    kCallbacks.add({known ? callback.connector : "unknown", "refused"});
    security::AuditEntry entry;
    entry.actor = "address:" + callback.client_ip;
    entry.action = "callback.refused";
    entry.subject = known ? callback.connector + "/" + callback.account : "unknown";
    entry.detail = reason + "; body sha256 " + base::sha256Hex(callback.body);
    entry.trace = callback.trace;
    parts_.audit.write(std::move(entry));
}

gateway::Readiness HubBackend::readiness() const
{
    gateway::Readiness readiness;
    const bool store_ok = parts_.lane.counters().healthy;
    base::Json libraries = base::Json::object();
    bool plugins_ok = true;
    for (const LibraryStatus& library : parts_.fleet.list()) {
        libraries[library.id] = library.state;
        // A sick connector is shown, but the hub is ready without it.
        plugins_ok = plugins_ok && (library.kind != "plugin" || library.state == "started" ||
                                    library.state == "stopped");
    }
    const bool quarantined = parts_.lane.isQuarantined();
    readiness.ready = store_ok && plugins_ok && !quarantined;
    readiness.detail = {{"store", store_ok ? "ok" : "not available"},
                        {"quarantine", quarantined ? "restored from a backup" : "none"},
                        {"libraries", libraries}};
    return readiness;
}

} // namespace hub::app
