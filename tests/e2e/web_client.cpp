#include "web_client.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

#include <stdexcept>
#include <utility>

namespace demo {

Json WebAnswer::json() const
{
    Json parsed = Json::parse(body, nullptr, false);
    if (parsed.is_discarded()) {
        throw std::runtime_error("an answer is no JSON: " + body.substr(0, 200));
    }
    return parsed;
}

WebClient::WebClient(std::string base, const std::string& ca_file, const std::string& token)
    : base_(std::move(base))
{
    if (!token.empty()) {
        headers_["Authorization"] = "Bearer " + token;
    }
    using Poco::Net::Context;
    const Context::Ptr context =
        new Context(Context::TLS_CLIENT_USE, "", "", ca_file, Context::VERIFY_STRICT, 9, false);
    Poco::Net::SSLManager::instance().initializeClient(nullptr, nullptr, context);
}

WebAnswer WebClient::get(const std::string& path,
                         const std::map<std::string, std::string>& headers) const
{
    return send("GET", path, "", "", headers);
}

WebAnswer WebClient::post(const std::string& path,
                          const Json& body,
                          const std::map<std::string, std::string>& headers) const
{
    return body.is_null() ? send("POST", path, "", "", headers)
                          : send("POST", path, "application/json", body.dump(), headers);
}

WebAnswer WebClient::postForm(const std::string& path,
                              const std::string& form,
                              const std::map<std::string, std::string>& headers) const
{
    return send("POST", path, "application/x-www-form-urlencoded", form, headers);
}

WebAnswer WebClient::put(const std::string& path,
                         const Json& body,
                         const std::map<std::string, std::string>& headers) const
{
    return send("PUT", path, "application/json", body.dump(), headers);
}

WebAnswer WebClient::upload(const std::string& path,
                            const std::string& media_type,
                            const std::string& bytes,
                            const std::map<std::string, std::string>& headers) const
{
    return send("PUT", path, media_type, bytes, headers);
}

WebAnswer WebClient::remove(const std::string& path) const
{
    return send("DELETE", path, "", "", {});
}

void WebClient::keepSession(const WebAnswer& login)
{
    headers_["Cookie"] = login.cookie;
    headers_["X-CSRF-Token"] = get("/api/v1/session").json().at("csrf_token").get<std::string>();
}

WebAnswer WebClient::send(const std::string& method,
                          const std::string& path,
                          const std::string& media_type,
                          const std::string& body,
                          const std::map<std::string, std::string>& headers) const
{
    const Poco::URI address(base_ + path);
    Poco::Net::HTTPSClientSession session(address.getHost(), address.getPort());
    session.setTimeout(Poco::Timespan(35, 0));
    Poco::Net::HTTPRequest request(
        method, address.getPathAndQuery(), Poco::Net::HTTPMessage::HTTP_1_1);
    for (const auto* some : {&headers_, &headers}) {
        for (const auto& [name, value] : *some) {
            request.set(name, value);
        }
    }
    if (!media_type.empty()) {
        request.setContentType(media_type);
    }
    if (method != "GET") {
        request.setContentLength(static_cast<std::streamsize>(body.size()));
    }
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::istream& stream = session.receiveResponse(response);
    WebAnswer answer;
    Poco::StreamCopier::copyToString(stream, answer.body);
    answer.status = response.getStatus();
    answer.etag = response.get("ETag", "");
    answer.location = answer.status / 100 == 3 ? response.get("Location", "") : "";
    const std::string cookie = response.get("Set-Cookie", "");
    answer.cookie = cookie.substr(0, cookie.find(';'));
    return answer;
}

} // namespace demo
