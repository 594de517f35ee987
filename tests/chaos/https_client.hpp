// A client as a portal would write it: JSON over one kept HTTPS connection, which is opened anew
// when it breaks. Not thread-safe; every thread has its own.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPSClientSession.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace chaos {

using Json = nlohmann::json;
using Headers = std::map<std::string, std::string>;

struct HttpAnswer {
    int status = 0; ///< 0: no whole answer came
    Json body;
    std::string cookie = {}; ///< name and value of the one that it set
};

/// Where a server is and whom its certificate is trusted by.
struct Server {
    std::uint16_t port = 0;
    Poco::Net::Context::Ptr context;
    std::string token; ///< empty for the simulator
};

class HttpsClient {
public:
    explicit HttpsClient(Server server)
        : server_(std::move(server))
    {}

    /// The same headers, and a connection of its own.
    HttpsClient another() const;

    /// Never throws: a broken connection is an answer with status 0.
    HttpAnswer get(const std::string& path, const Headers& headers = {});
    /// Null: without a body.
    HttpAnswer post(const std::string& path, const Json& body, const Headers& headers = {});
    /// application/x-www-form-urlencoded.
    HttpAnswer postForm(const std::string& path, const std::string& form);
    HttpAnswer put(const std::string& path, const Json& body, const Headers& headers = {});
    HttpAnswer remove(const std::string& path);
    /// Goes with every request from now on.
    void setHeader(const std::string& name, const std::string& value) { headers_[name] = value; }

private:
    HttpAnswer send(const std::string& method,
                    const std::string& path,
                    const Headers& headers,
                    const std::string& body,
                    const char* type = "application/json");

    Server server_;
    Headers headers_;
    std::unique_ptr<Poco::Net::HTTPSClientSession> session_;
};

} // namespace chaos
