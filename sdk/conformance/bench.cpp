#include "bench.hpp"

#include "schema.hpp"

#include <hub/ext/stream.h>

#include <algorithm>
#include <array>

namespace hub::conformance {

namespace {

constexpr auto kStartPatience = Milliseconds(30000);
constexpr auto kAnswerPatience = Milliseconds(1500);
constexpr std::int64_t kCallbackDeadlineMs = 5000;
constexpr auto kLeasePatience = Milliseconds(5000);

/// A provider may be described twice. The hub that approves a library judges it by the script then:
/// a partner's simulator is a program that it would have to trust.
bool isSimulated(const Description& description)
{
    const Json provider = objectOf(description.text, "provider");
    return provider.contains("simulator") &&
           (!provider.contains("script") || description.options.is_simulator_named);
}

std::unique_ptr<Provider> makeProvider(const Description& description, Keyring& keys)
{
    if (isSimulated(description)) {
        return makeSimulatedProvider(description, keys);
    }
    return objectOf(description.text, "provider").contains("script")
               ? makeScriptedProvider(description, keys)
               : nullptr;
}

/// Every key and secret of the manifest that the provider did not bring is made.
void makeKeys(const Description& description, Keyring& keys)
{
    const Json wishes = objectOf(description.text, "keys");
    for (const Json& role : description.manifest.value("keys", Json::array())) {
        const std::string name = textOf(role, "name");
        const Json wish = objectOf(wishes, name);
        if (isSimulated(description) &&
            (wish.contains("simulator_file") || wish.contains("simulator_files") ||
             wish.contains("simulator_value"))) {
            continue;
        }
        const std::string kind = textOf(wish, "make");
        keys.make(name, kind.empty() ? keyKindFor(role.value("algorithms", Json::array())) : kind);
    }
    for (const Json& role : description.manifest.value("secrets", Json::array())) {
        keys.make(textOf(role, "name"), "secret");
    }
}

void mustFit(const Json& schema, const Json& value, const std::string& what)
{
    const std::string violation = findViolation(
        schema.empty() ? Json{{"type", "object"}, {"additionalProperties", false}} : schema, value);
    if (!violation.empty()) {
        throw std::runtime_error("conformance.json: " + what +
                                 " does not fit the manifest: " + violation);
    }
}

} // namespace

std::string nameOf(hub_status status)
{
    constexpr std::array<const char*, 13> kNames = {"no status",
                                                    "HUB_OK",
                                                    "HUB_REJECTED",
                                                    "HUB_BAD_REQUEST",
                                                    "HUB_UNAUTHENTICATED",
                                                    "HUB_NOT_FOUND",
                                                    "HUB_ALREADY_DONE",
                                                    "HUB_THROTTLED",
                                                    "HUB_UNAVAILABLE",
                                                    "HUB_OUTCOME_UNKNOWN",
                                                    "HUB_UNSUPPORTED",
                                                    "HUB_INTERNAL",
                                                    "HUB_PENDING"};
    return status >= 0 && static_cast<std::size_t>(status) < kNames.size()
               ? kNames[static_cast<std::size_t>(status)]
               : "status " + std::to_string(status);
}

std::string describe(const Answer& answer)
{
    if (!answer.arrived) {
        return "no answer";
    }
    constexpr std::size_t kShown = 200;
    std::string text = nameOf(answer.status);
    text += answer.message.empty() ? "" : " \"" + answer.message.substr(0, kShown) + "\"";
    text += answer.payload.empty() ? "" : " " + answer.payload.substr(0, kShown);
    return text;
}

std::string newId()
{
    const auto now_ms = static_cast<std::uint64_t>(unixNowMs());
    std::string time;
    for (int shift = 40; shift >= 0; shift -= 8) {
        time += static_cast<char>(now_ms >> static_cast<unsigned>(shift) & 0xFFU);
    }
    const std::string hex = toHex(time);
    const std::string random = randomHex(9);
    return hex.substr(0, 8) + "-" + hex.substr(8) + "-7" + random.substr(0, 3) + "-8" +
           random.substr(3, 3) + "-" + random.substr(6, 12);
}

Stage::Stage(Bench& bench, const HostPlan& plan)
    : bench_(bench)
    , desk(bench.description(), bench.keys(), bench.provider_.get())
    , session(plan, desk)
{}

Stage::~Stage()
{
    desk.close();
    bench_.keep(*this);
}

Bench::Bench(Description description)
    : description_(std::move(description))
    , provider_(makeProvider(description_, keys_))
    , personal_({"conformance-payer-" + randomHex(8), "203.0.113.77"})
{
    makeKeys(description_, keys_);
    const Json accounts = configuration().at("accounts");
    mustFit(objectOf(description_.manifest, "configuration"),
            configuration().at("config"),
            "\"config\"");
    for (const auto& [name, account] : accounts.items()) {
        mustFit(objectOf(description_.manifest, "account_configuration"),
                account.at("config"),
                "\"account\"");
    }
}

Bench::~Bench() = default;

const Contract& Bench::contract() const
{
    if (contract_ == nullptr) {
        throw DoesNotApply("the library implements no contract");
    }
    return *contract_;
}

Provider& Bench::provider()
{
    if (provider_ == nullptr) {
        throw DoesNotApply("conformance.json describes no provider");
    }
    return *provider_;
}

Json Bench::configuration() const
{
    const auto variables =
        provider_ == nullptr ? std::map<std::string, std::string>{} : provider_->variables();
    Json create{{"config", filled(objectOf(description_.text, "config"), variables)},
                {"accounts", Json::object()}};
    if (description_.isConnector()) {
        Json account{{"config", filled(objectOf(description_.text, "account"), variables)}};
        if (provider_ != nullptr) {
            account["callback_url"] = provider_->callbackUrl();
        }
        create["accounts"][kAccount] = std::move(account);
    }
    return create;
}

HostPlan Bench::plan(const Json& configuration) const
{
    const Options& options = description_.options;
    return {options.host,
            options.library,
            options.manifest,
            description_.manifest.dump(),
            configuration.dump(),
            options.sandbox,
            options.uid};
}

std::unique_ptr<Stage> Bench::attempt(const Json& configuration)
{
    return std::make_unique<Stage>(*this, plan(configuration));
}

std::unique_ptr<Stage> Bench::start()
{
    auto stage = attempt(configuration());
    const bool is_ready = stage->session.begin(kStartPatience); // before why()
    // The machine is to blame, not the library.
    if (!is_ready && stage->session.exitCode() == static_cast<int>(hubp::HostExit::NotBegun)) {
        throw std::runtime_error(stage->session.why());
    }
    require(is_ready, "it was not ready within 30 s: " + stage->session.why());
    stage->leased = playsStreams() ? lease(*stage) : 0;
    return stage;
}

Request Bench::request(const std::string& operation)
{
    const Json operations = objectOf(contract().document, "operations");
    const Json examples = objectOf(operations, operation).value("examples", Json::array());
    Request request{operation, Json::object(), "", 0};
    if (!examples.empty()) {
        request.body = objectOf(examples[0], "request");
    }
    const ContractSuite* suite = findSuite(contract().name);
    if (suite != nullptr) {
        suite->freshen(request, contract());
    }
    return request;
}

Request Bench::probe()
{
    if (!playsStreams()) {
        (void)provider();
    }
    const ContractSuite* suite = findSuite(contract().name);
    if (suite != nullptr && contract().has(std::string(suite->operation))) {
        return request(std::string(suite->operation));
    }
    for (const std::string& operation : contract().operations) {
        if (!contract().isInbound(operation) && !contract().isSafe(operation)) {
            return request(operation);
        }
    }
    throw DoesNotApply("it implements no operation that changes something at the provider");
}

hubp::Envelope Bench::envelope(const Request& request, const Manner& manner) const
{
    hubp::Envelope envelope;
    envelope.source = HUB_SOURCE_CALL;
    envelope.type = contract_ == nullptr ? "" : contract_->name;
    envelope.schema_version =
        contract_ == nullptr ? 1 : static_cast<std::uint32_t>(contract_->version);
    envelope.operation = request.operation;
    envelope.key = request.number;
    envelope.id = newId();
    envelope.account = kAccount;
    envelope.edition = "conformance";
    envelope.idempotency_key = request.operation + "-" + request.number;
    envelope.attempt = manner.attempt;
    envelope.time_unix_ms = unixNowMs();
    envelope.deadline_unix_ms = unixNowMs() + manner.deadline_in_ms;
    return envelope;
}

bool Bench::playsStreams() const
{
    return description_.wants(HUB_EXT_STREAM_1) && description_.text.contains("stream");
}

hub_call_id Bench::lease(Stage& stage)
{
    if (!objectOf(description_.manifest, "stream").value("session", false)) {
        return 0;
    }
    hubp::Envelope envelope;
    envelope.source = HUB_SOURCE_SESSION;
    envelope.id = newId();
    envelope.account = kAccount;
    envelope.attempt = 1;
    envelope.time_unix_ms = unixNowMs();
    const hub_call_id id = stage.session.lease(std::move(envelope));
    (void)stage.desk.peer().waitForReader(
        kLeasePatience); // one that answers early has its own rule
    return id;
}

hub_call_id Bench::send(Stage& stage, const Request& request, const Manner& manner)
{
    for (const std::string& blob : request.blobs) {
        stage.desk.keepBlob(blob);
    }
    return stage.session.call(envelope(request, manner),
                              manner.payload ? *manner.payload : request.body.dump());
}

Answer Bench::await(Stage& stage, hub_call_id id, const Manner& manner)
{
    Answer answer = stage.session.await(id, Milliseconds(manner.deadline_in_ms) + kAnswerPatience);
    require(answer.arrived, "a call got no answer: " + stage.session.why());
    return answer;
}

Answer Bench::ask(Stage& stage, const Request& request, const Manner& manner)
{
    Answer answer = await(stage, send(stage, request, manner), manner);
    compare(request.operation, answer);
    return answer;
}

Answer Bench::callback(Stage& stage, const Inbound& inbound)
{
    Json headers = Json::object();
    for (const auto& [name, value] : inbound.headers) {
        headers[name] = value;
    }
    const Json payload{{"method", inbound.method},
                       {"path", inbound.path},
                       {"query", inbound.query},
                       {"headers", headers},
                       {"body_base64", toBase64(inbound.body)}};
    Manner manner;
    manner.deadline_in_ms = kCallbackDeadlineMs;
    hubp::Envelope envelope = this->envelope({"callback", {}, "", 0}, manner);
    envelope.source = HUB_SOURCE_CALLBACK;
    Answer answer =
        await(stage, stage.session.callback(std::move(envelope), payload.dump()), manner);
    compare("callback", answer);
    return answer;
}

void Bench::addMembers(Stage& stage, const std::string& operation)
{
    const Json simulator = objectOf(objectOf(description_.text, "provider"), "simulator");
    if (isSimulated(description_) && simulator.value("answer_member_unsigned", false)) {
        stage.desk.setBend([](hubp::HttpAnswer& answer) {
            answer.headers.push_back({"x-conformance-unknown", "1"});
            if (!answer.body.empty()) {
                answer.body.insert(1, "\"conformance_unknown\":{\"nested\":[1]},");
            }
        });
        return;
    }
    const std::string why_not = provider().spoil(operation, Flaw::MoreMembers);
    if (!why_not.empty()) {
        throw DoesNotApply(why_not);
    }
}

Answer Bench::event(Stage& stage, const Json& event, const std::optional<std::string>& payload)
{
    hubp::Envelope envelope;
    envelope.source = HUB_SOURCE_EVENT;
    envelope.type = textOf(event, "type");
    envelope.schema_version = event.value("version", 1U);
    envelope.id = textOf(event, "id").empty() ? newId() : textOf(event, "id");
    envelope.key = textOf(event, "key").empty() ? "conformance" : textOf(event, "key");
    envelope.edition = "conformance";
    envelope.attempt = 1;
    envelope.time_unix_ms = unixNowMs();
    envelope.deadline_unix_ms = unixNowMs() + Manner{}.deadline_in_ms;
    return await(stage,
                 stage.session.event(std::move(envelope),
                                     payload ? *payload : objectOf(event, "payload").dump()));
}

/// Whoever gets a result relies on the contract's schema for it.
void Bench::compare(const std::string& operation, const Answer& answer)
{
    if (answer.status < HUB_OK || answer.status > HUB_PENDING) {
        misfits_.insert(operation + ": answered " + nameOf(answer.status));
    }
    const bool is_result = answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE;
    const bool is_refused_callback = operation == "callback" && answer.status == HUB_REJECTED;
    if ((!is_result && !is_refused_callback) || !contract().has(operation)) {
        return;
    }
    const Json payload = Json::parse(answer.payload, nullptr, false);
    const Json schema =
        objectOf(objectOf(objectOf(contract().document, "operations"), operation), "result");
    const std::string violation =
        payload.is_discarded() ? "is no JSON" : findViolation(schema, payload);
    if (!violation.empty()) {
        misfits_.insert(operation + ": " + nameOf(answer.status) + " with a result that " +
                        (payload.is_discarded() ? violation : "breaks the schema: " + violation));
    }
}

void Bench::keep(Stage& stage)
{
    for (std::string& text : stage.session.said()) {
        said_.insert(std::move(text));
    }
    for (std::string& text : stage.session.payloads()) {
        payloads_.insert(std::move(text));
    }
    for (const hubp::Publish& publish : stage.desk.published()) {
        payloads_.insert(publish.payload);
    }
    for (std::string& text : stage.desk.trespasses()) {
        trespasses_.insert(std::move(text));
    }
}

void Bench::exercise()
{
    if (!description_.isConnector()) {
        exerciseSubscriber();
    } else if (provider_ != nullptr) {
        exerciseConnector();
    }
}

void Bench::exerciseSubscriber()
{
    const auto stage = start();
    for (const Json& example : description_.text.value("events", Json::array())) {
        (void)event(*stage, example, std::nullopt);
    }
}

/// With personal data, where the contract has a place for it.
Request Bench::withPayer(Request request) const
{
    const Json operations = objectOf(contract().document, "operations");
    const Json schema = objectOf(objectOf(operations, request.operation), "request");
    if (objectOf(schema, "properties").contains("payer")) {
        request.body["payer"] = {{"identity", personal_[0]}, {"client_ip", personal_[1]}};
    }
    return request;
}

void Bench::exerciseConnector()
{
    const auto stage = start();
    const auto oneOfEach = [&](const std::function<void(const std::string&)>& before) {
        for (const std::string& operation : contract().operations) {
            if (!contract().isInbound(operation)) {
                before(operation);
                (void)ask(*stage, withPayer(request(operation)));
            }
        }
    };
    oneOfEach([](const std::string&) {});
    oneOfEach([&](const std::string& name) { (void)provider_->spoil(name, Flaw::Refused); });
    oneOfEach([&](const std::string& name) { (void)provider_->spoil(name, Flaw::BadSignature); });
    stage->desk.setFate(Fate::CutAfterSend);
    oneOfEach([](const std::string&) {});
    stage->desk.setFate(Fate::Deliver);
    stage->desk.setKeysDown(true);
    oneOfEach([](const std::string&) {});
    stage->desk.setKeysDown(false);
    Manner broken;
    broken.payload = "{\"number\":";
    (void)ask(*stage, probe(), broken);
    (void)callback(*stage, {"POST", "/callback/conformance", "", {}, "a=b"});
}

} // namespace hub::conformance
