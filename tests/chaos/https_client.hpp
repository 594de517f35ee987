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

    /// Never throws: a broken connection is an answer with status 0.
    HttpAnswer get(const std::string& path, const Headers& headers = {});
    HttpAnswer post(const std::string& path, const Json& body, const Headers& headers = {});
    /// application/x-www-form-urlencoded.
    HttpAnswer postForm(const std::string& path, const std::string& form);
    HttpAnswer remove(const std::string& path);

private:
    HttpAnswer send(const std::string& method,
                    const std::string& path,
                    const Headers& headers,
                    const std::string& body,
                    const char* type = "application/json");

    Server server_;
    std::unique_ptr<Poco::Net::HTTPSClientSession> session_;
};

} // namespace chaos
