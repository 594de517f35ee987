#include "core/handler.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/URI.h>

#include <array>
#include <chrono>
#include <iostream>
#include <istream>
#include <optional>
#include <ostream>

#include <sys/socket.h>

namespace hub::simulator {

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr std::size_t kBodyMax = 1024 * 1024;
constexpr const char* kPagePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'";

/// Empty when the body is longer than what anybody may send.
std::optional<std::string> readBody(std::istream& stream)
{
    std::string body;
    std::array<char, 16384> piece{};
    while (stream.read(piece.data(), piece.size()).gcount() > 0) {
        body.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > kBodyMax) {
            return std::nullopt;
        }
    }
    return body;
}

/// Ends the TCP connection at once with a reset, so that the client learns nothing.
void reset(const Poco::Net::StreamSocket& socket)
{
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    ::connect(socket.impl()->sockfd(), &nobody, sizeof nobody);
}

class Handler final : public Poco::Net::HTTPRequestHandler {
public:
    explicit Handler(const Routes& routes)
        : routes_(routes)
    {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override
    {
        try {
            serve(request, response);
        } catch (const Poco::Exception& failure) {
            std::cerr << request.getURI() << ": " << failure.displayText() << std::endl;
            fail(response);
        } catch (const std::exception& failure) {
            std::cerr << request.getURI() << ": " << failure.what() << std::endl;
            fail(response);
        }
    }

private:
    void serve(HTTPServerRequest& request, HTTPServerResponse& response) const;
    Ending find(const HTTPServerRequest& request, const HttpMessage& message) const;
    void send(HTTPServerResponse& response, const Ending& ending) const;

    static void fail(HTTPServerResponse& response)
    {
        if (!response.sent()) {
            response.setStatusAndReason(HTTPServerResponse::HTTP_INTERNAL_SERVER_ERROR);
            response.setContentLength(0);
            response.setKeepAlive(false);
            response.send();
        }
    }

    const Routes& routes_;
};

void Handler::serve(HTTPServerRequest& request, HTTPServerResponse& response) const
{
    const auto body = readBody(request.stream());
    if (!body) {
        response.setKeepAlive(false);
        send(response, {.reply = {.status = 413, .content_type = "text/plain", .body = ""}});
        return;
    }
    const std::string& address = request.getURI();
    const auto question = address.find('?');
    const Ending ending =
        find(request,
             {.method = request.getMethod(),
              .path = address.substr(0, question),
              .query = question == std::string::npos ? std::string{} : address.substr(question + 1),
              .content_type = request.getContentType(),
              .body = *body,
              .headers = Headers(request.begin(), request.end())});
    if (ending.kind == Ending::Kind::Reply) {
        send(response, ending);
        return;
    }
    routes_.pause.wait(ending.delay_ms);
    // The detached socket is closed in good order, with TLS's own farewell, when it goes.
    const Poco::Net::StreamSocket socket =
        dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(request).detachSocket();
    if (ending.kind == Ending::Kind::Reset) {
        reset(socket);
    }
}

Ending Handler::find(const HTTPServerRequest& request, const HttpMessage& message) const
{
    for (const auto& provider : routes_.providers) {
        if (provider->serves(message)) {
            return routes_.exchange.handle(*provider, message);
        }
    }
    if (Cashier::serves(message)) {
        Reply reply = routes_.cashier.handle(message);
        if (message.method == "POST") {
            routes_.changed();
        }
        return {.reply = std::move(reply)};
    }
    if (Inbox::serves(message)) {
        return {.reply = routes_.inbox.handle(message)};
    }
    if (message.path.starts_with("/control/") && request.clientAddress().host().isLoopback()) {
        return {.reply = routes_.control.handle(message)};
    }
    return {.reply = {.status = 404, .content_type = "text/plain", .body = "not found\n"}};
}

void Handler::send(HTTPServerResponse& response, const Ending& ending) const
{
    const Reply& reply = ending.reply;
    if (!routes_.pause.wait(ending.delay_ms)) {
        response.setKeepAlive(false);
    }
    response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
    response.set("Cache-Control", "no-store");
    if (reply.content_type.starts_with("text/html")) {
        response.set("Content-Security-Policy", kPagePolicy);
        response.set("X-Content-Type-Options", "nosniff");
    }
    for (const auto& [name, value] : reply.headers) {
        response.set(name, value);
    }
    if (reply.status == HTTPServerResponse::HTTP_NO_CONTENT) {
        response.send().flush();
        return;
    }
    response.setContentType(reply.content_type);
    response.setContentLength64(static_cast<Poco::Int64>(reply.body.size()));
    std::ostream& out = response.send();
    if (ending.drip_ms == 0) {
        out << reply.body << std::flush;
        return;
    }
    for (const char c : reply.body) {
        if (!out || !routes_.pause.wait(ending.drip_ms)) {
            return;
        }
        out << c << std::flush;
    }
}

} // namespace

bool Pause::wait(std::int64_t for_ms)
{
    std::unique_lock lock(guard_);
    if (for_ms <= 0) {
        return !ended_;
    }
    return !changed_.wait_for(lock, std::chrono::milliseconds(for_ms), [this] { return ended_; });
}

void Pause::end()
{
    {
        const std::lock_guard lock(guard_);
        ended_ = true;
    }
    changed_.notify_all();
}

Poco::Net::HTTPRequestHandler* HandlerFactory::createRequestHandler(const HTTPServerRequest&)
{
    return new Handler(routes_);
}

} // namespace hub::simulator
