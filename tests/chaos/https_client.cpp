#include "https_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>

#include <utility>

namespace chaos {

namespace {

constexpr int kTimeoutSeconds = 40; // longer than the hub may take for one answer

} // namespace

HttpsClient HttpsClient::another() const
{
    HttpsClient client(server_);
    client.headers_ = headers_;
    return client;
}

HttpAnswer HttpsClient::get(const std::string& path, const Headers& headers)
{
    return send("GET", path, headers, "");
}

HttpAnswer HttpsClient::post(const std::string& path, const Json& body, const Headers& headers)
{
    return send("POST", path, headers, body.is_null() ? "" : body.dump());
}

HttpAnswer HttpsClient::postForm(const std::string& path, const std::string& form)
{
    return send("POST", path, {}, form, "application/x-www-form-urlencoded; charset=utf-8");
}

HttpAnswer HttpsClient::put(const std::string& path, const Json& body, const Headers& headers)
{
    return send("PUT", path, headers, body.dump());
}

HttpAnswer HttpsClient::remove(const std::string& path)
{
    return send("DELETE", path, {}, "");
}

HttpAnswer HttpsClient::send(const std::string& method,
                             const std::string& path,
                             const Headers& headers,
                             const std::string& body,
                             const char* type)
{
    try {
        if (!session_) {
            session_ = std::make_unique<Poco::Net::HTTPSClientSession>(
                "127.0.0.1", server_.port, server_.context);
            session_->setKeepAlive(true);
            session_->setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        }
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        request.setKeepAlive(true);
        for (const Headers* some : {static_cast<const Headers*>(&headers_), &headers}) {
            for (const auto& [name, value] : *some) {
                request.set(name, value);
            }
        }
        if (!server_.token.empty()) {
            request.set("Authorization", "Bearer " + server_.token);
        }
        if (method == "POST" || method == "PUT") {
            if (!body.empty()) {
                request.setContentType(type);
            }
            request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        }
        session_->sendRequest(request) << body << std::flush;
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session_->receiveResponse(response), text);
        const bool whole = !response.hasContentLength() ||
                           static_cast<Poco::Int64>(text.size()) == response.getContentLength64();
        if (!whole) {
            session_.reset();
            return {};
        }
        if (!response.getKeepAlive()) {
            session_.reset();
        }
        const std::string cookie = response.get("Set-Cookie", "");
        return {response.getStatus(),
                Json::parse(text, nullptr, false),
                cookie.substr(0, cookie.find(';'))};
    } catch (const Poco::Exception&) {
        session_.reset(); // what became of the request is what the caller has to find out
        return {};
    }
}

} // namespace chaos
