// The real thing's double: expohub-simulator on a free port of the loopback, with its own keys and
// its own certification authority. The suite makes the exchanges over TLS as the hub would.
#include "process.hpp"
#include "provider.hpp"
#include "session.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <sstream>
#include <stdexcept>

#include <stdlib.h> // NOLINT(modernize-deprecated-headers): mkdtemp

namespace hub::conformance {

namespace {

namespace net = Poco::Net;

constexpr auto kStartPatience = std::chrono::seconds(30);
constexpr auto kCallbackPatience = std::chrono::seconds(10);
constexpr int kUntilReportedS = 60;
const Poco::Timespan kExchangeLimit(10, 0);

/// What the provider calls back with, in the order of arrival.
class Receiver : public net::HTTPRequestHandlerFactory {
public:
    void take(Inbound inbound)
    {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(inbound));
        }
        changed_.notify_all();
    }

    /// What came before is of no interest.
    void forget()
    {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
    }

    /// The first one whose body holds `mark`.
    std::optional<Inbound> waitFor(const std::string& mark)
    {
        std::unique_lock lock(mutex_);
        std::optional<Inbound> found;
        changed_.wait_for(lock, kCallbackPatience, [&] {
            const auto one = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& each) {
                return each.body.find(mark) != std::string::npos;
            });
            if (one != waiting_.end()) {
                found = std::move(*one);
                waiting_.erase(one);
            }
            return found.has_value();
        });
        return found;
    }

    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Inbound> waiting_;
};

class ReceiverHandler : public net::HTTPRequestHandler {
public:
    explicit ReceiverHandler(Receiver& receiver)
        : receiver_(receiver)
    {}

    void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override
    {
        const Poco::URI uri(request.getURI());
        Inbound inbound{request.getMethod(), uri.getPath(), uri.getRawQuery(), {}, {}};
        for (const auto& [name, value] : request) {
            std::string lower = name;
            std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            });
            inbound.headers.emplace_back(lower, value);
        }
        Poco::StreamCopier::copyToString(request.stream(), inbound.body);
        receiver_.take(std::move(inbound));
        response.setContentType("text/plain");
        response.send() << "success"; // so that nothing is sent again by itself
    }

private:
    Receiver& receiver_;
};

net::HTTPRequestHandler* Receiver::createRequestHandler(const net::HTTPServerRequest&)
{
    return new ReceiverHandler(*this);
}

class Folder {
public:
    Folder()
    {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "conform-sim-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error(pattern + ": no folder for the simulator can be made");
        }
        path = pattern;
    }
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path path;
};

class SimulatedProvider final : public Provider {
public:
    SimulatedProvider(const Description& description, Keyring& keys);
    ~SimulatedProvider() override { receiver_server_->stopAll(true); }

    bool serves(const std::string& url) const override { return url.starts_with(address() + "/"); }
    Result<hubp::HttpAnswer> exchange(const hubp::HttpExchange& request) override;
    std::string spoil(const std::string& operation, Flaw flaw) override;
    std::vector<std::string> numbers() override;
    Result<std::int64_t> refunded(const std::string& number) override;
    Result<void> pay(const std::string& number, std::int64_t amount_minor) override;
    Result<Inbound>
    callback(const std::string& number, std::int64_t amount_minor, Flaw flaw) override;
    Result<std::size_t> messages(const std::string& number) override
    {
        return control("GET", "messages?number=" + number, {}).at("messages").size();
    }
    Result<Inbound> report(const std::string& number) override;
    Result<SampleLicence> licence() override;
    std::string callbackUrl() const override
    {
        return "https://127.0.0.1:" + std::to_string(receiver_server_->port()) +
               "/callback/conformance";
    }
    std::map<std::string, std::string> variables() const override;

private:
    std::string address() const { return "https://127.0.0.1:" + port_; }
    void startSimulator(const std::filesystem::path& program);
    /// Tells the simulator where reports go, when a provider has that by itself.
    void subscribeToReports();
    /// Throws when the simulator refuses: the description is wrong then.
    Json control(const std::string& method, const std::string& what, const Json& body);
    void fault(Json rule);

    /// A key as the simulator has it: one of its values, or its files one after the other.
    std::string keyOf(const Json& wish) const;

    const Json settings_;
    Folder folder_;
    Json made_; // simulator.json, as `prepare` made it
    std::unique_ptr<Process> process_;
    std::string port_;
    net::Context::Ptr context_;
    Poco::SharedPtr<Receiver> receiver_;
    std::unique_ptr<net::HTTPServer> receiver_server_;
};

std::map<std::string, std::string> SimulatedProvider::variables() const
{
    std::map<std::string, std::string> all{{"provider", address()}};
    const Json flat = made_.flatten(); // items() only refers to it
    for (const auto& [pointer, value] : flat.items()) {
        if (value.is_string()) {
            all.emplace("simulator:" + pointer, value.get<std::string>());
        }
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path)) {
        if (entry.path().extension() == ".pem") {
            all.emplace("simulator_file:" + entry.path().lexically_relative(folder_.path).string(),
                        readFile(entry.path()));
        }
    }
    return all;
}

SimulatedProvider::SimulatedProvider(const Description& description, Keyring& keys)
    : settings_(objectOf(objectOf(description.text, "provider"), "simulator"))
    , receiver_(new Receiver)
{
    startSimulator(description.options.simulator);
    const Json wishes = objectOf(description.text, "keys");
    for (const auto& [role, key] : wishes.items()) {
        const std::string bytes = keyOf(key);
        if (key.contains("simulator_value")) {
            keys.keep(role, bytes);
        } else if (!bytes.empty()) {
            keys.load(role, bytes);
        }
    }
    context_ = new net::Context(net::Context::TLS_CLIENT_USE,
                                "",
                                "",
                                (folder_.path / "ca.pem").string(),
                                net::Context::VERIFY_STRICT,
                                9,
                                false);
    net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
    params->setKeepAlive(false);
    // Some providers call back over TLS only.
    const net::Context::Ptr context = new net::Context(net::Context::TLS_SERVER_USE,
                                                       (folder_.path / "server.key").string(),
                                                       (folder_.path / "server.pem").string(),
                                                       "",
                                                       net::Context::VERIFY_NONE);
    const net::SecureServerSocket socket(net::SocketAddress("127.0.0.1", 0), 64, context);
    receiver_server_ = std::make_unique<net::HTTPServer>(receiver_, socket, params);
    receiver_server_->start();
    subscribeToReports();
}

void SimulatedProvider::subscribeToReports()
{
    const Json reports = objectOf(settings_, "reports");
    if (reports.empty()) {
        return;
    }
    Json body = filled(objectOf(reports, "body"), variables());
    body["url"] = callbackUrl();
    control("POST", textOf(reports, "command"), body);
}

std::string SimulatedProvider::keyOf(const Json& wish) const
{
    if (const std::string file = textOf(wish, "simulator_file"); !file.empty()) {
        return readFile(folder_.path / file);
    }
    if (const std::string pointer = textOf(wish, "simulator_value"); !pointer.empty()) {
        return made_.at(Json::json_pointer(pointer)).get<std::string>();
    }
    std::string bytes;
    for (const Json& file : wish.value("simulator_files", Json::array())) {
        bytes += readFile(folder_.path / file.get<std::string>());
    }
    return bytes;
}

void SimulatedProvider::startSimulator(const std::filesystem::path& program)
{
    const auto ignore = [](const std::string&) {
    };
    const std::vector<std::string> folder = {"--folder", folder_.path.string()};
    Process prepare(program, {"prepare", folder[0], folder[1]}, {"LANG=C.UTF-8"}, ignore);
    const auto prepared = prepare.wait(kStartPatience);
    if (!prepared || prepared->exit_code != 0) {
        throw std::runtime_error(program.string() + ": prepare failed: " + prepare.lastLine());
    }
    made_ = Json::parse(readFile(folder_.path / "simulator.json"));
    process_ =
        std::make_unique<Process>(program,
                                  std::vector<std::string>{"serve",
                                                           folder[0],
                                                           folder[1],
                                                           "--port",
                                                           "0",
                                                           "--trust",
                                                           (folder_.path / "ca.pem").string()},
                                  std::vector<std::string>{"LANG=C.UTF-8"},
                                  ignore);
    const std::string ready = process_->waitForLine("ready port=", kStartPatience);
    if (ready.empty()) {
        throw std::runtime_error(program.string() + ": did not start: " + process_->lastLine());
    }
    port_ = ready.substr(std::string("ready port=").size());
}

Result<hubp::HttpAnswer> SimulatedProvider::exchange(const hubp::HttpExchange& request)
{
    try {
        const Poco::URI uri(request.url);
        net::HTTPSClientSession session(uri.getHost(), uri.getPort(), context_);
        session.setTimeout(kExchangeLimit);
        net::HTTPRequest message(request.method, uri.getPathAndQuery(), net::HTTPRequest::HTTP_1_1);
        for (const hubp::NamedBytes& header : request.headers) {
            message.set(header.name, header.bytes);
        }
        message.setContentLength(static_cast<std::streamsize>(request.body.size()));
        session.sendRequest(message) << request.body;
        net::HTTPResponse response;
        hubp::HttpAnswer answer;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
        answer.http_status = static_cast<std::uint32_t>(response.getStatus());
        for (const auto& [name, value] : response) {
            std::string lower = name;
            std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            });
            answer.headers.push_back({lower, value});
        }
        return answer;
    } catch (const Poco::Exception& failure) {
        return Error{HUB_OUTCOME_UNKNOWN, failure.displayText()};
    }
}

Json SimulatedProvider::control(const std::string& method,
                                const std::string& what,
                                const Json& body)
{
    hubp::HttpExchange request;
    request.method = method;
    request.url = address() + "/control/" + what;
    request.body = body.is_null() ? "" : body.dump();
    const auto answer = exchange(request);
    if (!answer.ok() || answer.value().http_status != 200) {
        throw std::runtime_error("the simulator refused " + what + ": " +
                                 (answer.ok() ? answer.value().body : answer.error().message));
    }
    return Json::parse(answer.value().body, nullptr, false);
}

void SimulatedProvider::fault(Json rule)
{
    control("DELETE", "faults", {});
    control("POST", "faults", {{"seed", 1}, {"rules", Json::array({std::move(rule)})}});
}

std::string SimulatedProvider::spoil(const std::string& operation, Flaw flaw)
{
    const std::string method = textOf(objectOf(settings_, "methods"), operation);
    if (method.empty()) {
        return "conformance.json names no method of the simulator for " + operation;
    }
    if (flaw == Flaw::Unreadable) {
        return {}; // it reads what it is given, so that depends on the picture alone
    }
    Json rule{{"match", {{"method", method}}}};
    if (flaw == Flaw::BadSignature) {
        rule["fault"] = "bad_signature";
    } else if (flaw == Flaw::Unsigned) {
        rule["fault"] = "unsigned";
    } else if (flaw == Flaw::WrongAmount) {
        rule["fault"] = "wrong_amount";
    } else if (flaw == Flaw::Refused || flaw == Flaw::Unsure) {
        const Json failure = objectOf(settings_, flaw == Flaw::Unsure ? "unsure" : "refusal");
        if (failure.empty()) {
            return "conformance.json names no such failure of the simulator";
        }
        rule["fault"] = "refuse";
        rule.update(failure);
    } else {
        return "the simulator signs what it answers and adds nothing to it";
    }
    fault(rule);
    return {};
}

std::vector<std::string> SimulatedProvider::numbers()
{
    std::vector<std::string> found;
    const Json latest = control("GET", "exchanges", {});
    for (const Json& exchange : latest.at("exchanges")) {
        const std::string number = textOf(exchange, "out_trade_no");
        if (!number.empty() && std::find(found.begin(), found.end(), number) == found.end()) {
            found.push_back(number);
        }
    }
    return found;
}

Result<std::int64_t> SimulatedProvider::refunded(const std::string& number)
{
    const Json trades = control("GET", "books?out_trade_no=" + number, {}).at("trades");
    if (trades.size() != 1) {
        return Error{HUB_NOT_FOUND, "the provider has no such trade"};
    }
    return trades[0].value("refunded_minor", std::int64_t{0});
}

Result<void> SimulatedProvider::pay(const std::string& number, std::int64_t)
{
    control("POST", "open", {{"out_trade_no", number}});
    control("POST", "pay", {{"out_trade_no", number}});
    return {};
}

Result<Inbound>
SimulatedProvider::callback(const std::string& number, std::int64_t amount_minor, Flaw flaw)
{
    if (flaw == Flaw::Stale) {
        return Error{HUB_UNSUPPORTED, "the provider defines no time window for callbacks"};
    }
    Json rule{{"match", {{"out_trade_no", number}}}};
    const Json foreign = objectOf(settings_, "callback_foreign");
    if (flaw == Flaw::Foreign && foreign.empty()) {
        return Error{HUB_UNSUPPORTED, "conformance.json says not which fields name the merchant"};
    }
    if (flaw == Flaw::BadSignature) {
        rule["fault"] = "notify_bad_signature";
    } else if (flaw == Flaw::WrongAmount) {
        rule["fault"] = "notify_wrong_amount";
    } else if (flaw != Flaw::None) {
        rule["fault"] = "notify_alter";
        rule["fields"] = flaw == Flaw::Foreign ? foreign : Json{{"conformance_unknown", "1"}};
    }
    if (flaw != Flaw::None) {
        fault(rule);
    }
    // A sealed callback names its trade to nobody but the connector: the next one is it.
    const bool is_sealed = settings_.value("callback_sealed", false);
    receiver_->forget();
    const Result<void> paid = pay(number, amount_minor);
    auto inbound = paid.ok() ? receiver_->waitFor(is_sealed ? "" : number) : std::nullopt;
    control("DELETE", "faults", {});
    if (!inbound) {
        return Error{HUB_INTERNAL, "the simulator did not call back within ten seconds"};
    }
    return std::move(*inbound);
}

Result<Inbound> SimulatedProvider::report(const std::string& number)
{
    control("POST", "clock", {{"advance_s", kUntilReportedS}});
    auto inbound = receiver_->waitFor(number);
    if (!inbound) {
        return Error{HUB_INTERNAL, "the simulator did not report within ten seconds"};
    }
    return std::move(*inbound);
}

Result<SampleLicence> SimulatedProvider::licence()
{
    const Json wish = objectOf(settings_, "licence");
    if (wish.empty()) {
        return Error{HUB_UNSUPPORTED, "conformance.json says not how the simulator draws licences"};
    }
    const Json fields = objectOf(wish, "body");
    const Json drawn = control("POST", textOf(wish, "command"), fields);
    std::istringstream base64(textOf(drawn, "picture_base64"));
    Poco::Base64Decoder decoder(base64);
    SampleLicence sample{"", textOf(fields, "name"), textOf(fields, "social_credit_code")};
    Poco::StreamCopier::copyToString(decoder, sample.picture);
    return sample;
}

} // namespace

std::unique_ptr<Provider> makeSimulatedProvider(const Description& description, Keyring& keys)
{
    return std::make_unique<SimulatedProvider>(description, keys);
}

} // namespace hub::conformance
