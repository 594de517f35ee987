#include "receiver.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/StreamCopier.h>

#include <chrono>
#include <utility>

namespace simulator_test {

namespace {

using namespace Poco::Net;

class Handler final : public HTTPRequestHandler {
public:
    explicit Handler(Receiver& receiver)
        : receiver_(receiver)
    {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override
    {
        std::string body;
        Poco::StreamCopier::copyToString(request.stream(), body);
        const auto [status, text] =
            receiver_.take(std::move(body), Headers(request.begin(), request.end()));
        response.setStatus(static_cast<HTTPResponse::HTTPStatus>(status));
        response.setContentLength(static_cast<std::streamsize>(text.size()));
        response.send() << text;
    }

private:
    Receiver& receiver_;
};

class Factory final : public HTTPRequestHandlerFactory {
public:
    explicit Factory(Receiver& receiver)
        : receiver_(receiver)
    {}
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override
    {
        return new Handler(receiver_);
    }

private:
    Receiver& receiver_;
};

ServerSocket listenOn(const std::filesystem::path& folder)
{
    const SocketAddress address("127.0.0.1", 0);
    if (folder.empty()) {
        return ServerSocket(address);
    }
    const Context::Ptr context = new Context(Context::TLS_SERVER_USE,
                                             (folder / "server.key").string(),
                                             (folder / "server.pem").string(),
                                             "",
                                             Context::VERIFY_NONE);
    return SecureServerSocket(address, 64, context);
}

/// Every notice comes alone: Poco's server is not to be destroyed while it keeps a connection.
HTTPServerParams::Ptr paramsOf()
{
    HTTPServerParams::Ptr params = new HTTPServerParams;
    params->setKeepAlive(false);
    return params;
}

} // namespace

Receiver::Receiver(const std::filesystem::path& certificate_folder)
    : secure_(!certificate_folder.empty())
    , server_(std::make_unique<HTTPServer>(
          new Factory(*this), threads_, listenOn(certificate_folder), paramsOf()))
{
    server_->start();
}

Receiver::~Receiver()
{
    server_->stopAll(true);
}

std::string Receiver::url() const
{
    return (secure_ ? "https://127.0.0.1:" : "http://127.0.0.1:") +
           std::to_string(server_->port()) + "/callback";
}

void Receiver::answerWith(std::vector<std::pair<int, std::string>> answers)
{
    const std::lock_guard lock(guard_);
    answers_ = std::move(answers);
}

std::pair<int, std::string> Receiver::take(std::string body, Headers headers)
{
    const std::lock_guard lock(guard_);
    headers_.push_back(std::move(headers));
    bodies_.push_back(std::move(body));
    arrived_.notify_all();
    const std::size_t index = bodies_.size() - 1;
    return index < answers_.size() ? answers_[index] : std::pair{200, std::string("success")};
}

std::vector<std::string> Receiver::bodies() const
{
    const std::lock_guard lock(guard_);
    return bodies_;
}

std::vector<Headers> Receiver::headers() const
{
    const std::lock_guard lock(guard_);
    return headers_;
}

std::vector<Parameters> Receiver::messages() const
{
    std::vector<Parameters> messages;
    for (const std::string& body : bodies()) {
        messages.push_back(decodeForm(body));
    }
    return messages;
}

bool Receiver::waitFor(std::size_t count) const
{
    std::unique_lock lock(guard_);
    return arrived_.wait_for(
        lock, std::chrono::seconds(20), [&] { return bodies_.size() >= count; });
}

} // namespace simulator_test
