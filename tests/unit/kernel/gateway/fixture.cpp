#include "fixture.hpp"

#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <cctype>

namespace hub::gateway::testing {

namespace {

constexpr int kSecondsMax = 10;

Route makeRoute(const std::string& operation,
                const std::string& method,
                const std::string& path,
                Route::Mode mode)
{
    Route route;
    route.library = "sample";
    route.operation = operation;
    route.method = method;
    route.path = path;
    route.mode = mode;
    route.scope = mode == Route::Mode::Read ? "things:read" : "things:write";
    route.title = {{"en", operation}, {"zh", "样例"}};
    route.answers = {{"200", {{"type", "object"}}}};
    return route;
}

Result<security::ApiKey> authenticate(std::string_view token)
{
    security::ApiKey key;
    key.id = "k1";
    if (token == "all") {
        key.scopes = {"*"};
    } else if (token == "reader") {
        key.scopes = {"things:read"};
    } else if (token == "writer") {
        key.scopes = {"things:write"};
    } else {
        return Error{HUB_UNAUTHENTICATED, "the API key is not known"};
    }
    return key;
}

} // namespace

Client::Client(std::uint16_t port)
    : Client(Poco::Net::StreamSocket())
{
    socket_.connect(Poco::Net::SocketAddress("127.0.0.1", port));
    socket_.setReceiveTimeout(Poco::Timespan(kSecondsMax, 0));
    socket_.setSendTimeout(Poco::Timespan(kSecondsMax, 0));
}

Client::Client(Poco::Net::StreamSocket socket)
    : socket_(std::move(socket))
{}

void Client::send(const std::string& bytes)
{
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        sent += static_cast<std::size_t>(
            socket_.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
    }
}

bool Client::fill()
{
    char bytes[65536];
    try {
        const int received = socket_.receiveBytes(bytes, sizeof bytes);
        if (received <= 0) {
            return false;
        }
        buffer_.append(bytes, static_cast<std::size_t>(received));
        return true;
    } catch (const Poco::TimeoutException&) {
        throw;
    } catch (const Poco::Exception&) {
        return false;
    }
}

Answer Client::receive(bool head_only)
{
    Answer answer;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return answer;
        }
    }
    std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    answer.status = std::stoi(head.substr(9, 3));
    head.erase(0, head.find("\r\n") + 2);
    while (!head.empty()) {
        const std::size_t colon = head.find(": ");
        const std::size_t stop = head.find("\r\n");
        std::string name = head.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        answer.headers.emplace(name, head.substr(colon + 2, stop - colon - 2));
        head.erase(0, stop + 2);
    }
    const std::string length = answer.header("content-length");
    const std::size_t size = head_only || length.empty() ? 0 : std::stoul(length);
    while (buffer_.size() < size) {
        CPPUNIT_ASSERT_MESSAGE("the body is cut", fill());
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
}

bool Client::closed()
{
    try {
        while (fill()) {}
        return true;
    } catch (const Poco::TimeoutException&) {
        return false;
    }
}

Fixture::Fixture()
{
    observe::LogSettings silent;
    silent.console = false;
    observe::startLogging(silent);
    Route create = makeRoute("thing.create", "POST", "/things", Route::Mode::Unit);
    create.idempotent = true;
    create.request = {{"type", "object"},
                      {"additionalProperties", false},
                      {"required", base::Json::array({"name"})},
                      {"properties", {{"name", {{"type", "string"}}}}}};
    Route get = makeRoute("thing.get", "GET", "/things/{id}", Route::Mode::Read);
    get.query = {{"limit", {{"type", "string"}, {"pattern", "^[0-9]{1,3}$"}}}};
    get.deprecation = {1767225600000, 1798761600000, "https://example.org/changes"};
    Route remove = makeRoute("thing.remove", "DELETE", "/things/{id}", Route::Mode::Unit);
    backend.routes_ = {create, get, remove};
    backend.on_write = [](const Request&) {
        return Reply{HUB_OK, {{"status", 201}, {"body", {{"state", "creating"}}}}, {}, false};
    };
    backend.on_read = [](const Request&) {
        return Reply{HUB_OK, {{"body", {{"state", "open"}}}, {"etag", "\"3\""}}, {}, false};
    };
    settings.public_url = "https://hub.example.org";
    settings.api.edition = "7";
    settings.server.limits.header_ms = 300;
    settings.server.limits.body_ms = 300;
    settings.server.limits.idle_ms = 5000;
    settings.server.limits.body_bytes_max = 65536;
    settings.server.write_ms = 300;
    settings.server.threads = 16;
    settings.server.stop_ms = 2000;
}

void Fixture::start()
{
    gateway = std::make_unique<Gateway>(settings, backend, authenticate, clock, sessions);
    gateway->start();
}

std::string request(const std::string& method,
                    const std::string& target,
                    const std::string& fields,
                    const std::string& body)
{
    const std::string length =
        body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return method + " " + target + " HTTP/1.1\r\nHost: x\r\nX-Api-Key: all\r\n" + fields + length +
           "\r\n" + body;
}

std::string post(const std::string& target, const std::string& body, const std::string& fields)
{
    return request("POST",
                   target,
                   "Content-Type: application/json\r\nIdempotency-Key: key-1\r\n" + fields,
                   body);
}

} // namespace hub::gateway::testing
