#include "portal.hpp"

#include <stdexcept>
#include <utility>

namespace hub::test {

Json expected(int status, const ApiAnswer& answer)
{
    if (answer.status != status) {
        throw std::runtime_error("expected " + std::to_string(status) + ", got " +
                                 std::to_string(answer.status) + ": " + answer.body.dump());
    }
    return answer.body;
}

Portal::Portal(const HubProcess& hub, std::string edition)
    : hub_(hub)
    , edition_(std::move(edition))
{}

ApiAnswer Portal::send(const std::string& method,
                       const std::string& path,
                       const std::string& body,
                       std::map<std::string, std::string> headers) const
{
    static int number = 0;
    headers["Edition"] = edition_;
    headers["Idempotency-Key"] = "portal-" + std::to_string(++number);
    if (!cookie_.empty()) {
        headers["Cookie"] = cookie_;
        headers["X-CSRF-Token"] = csrf_token_;
    }
    return hub_.requestSecurely(method, "/api/v1" + path, body, std::move(headers));
}

ApiAnswer Portal::get(const std::string& path) const
{
    return send("GET", path, "", {});
}

ApiAnswer Portal::post(const std::string& path, const Json& body) const
{
    return body.is_null() ? send("POST", path, "", {})
                          : send("POST", path, body.dump(), {{"Content-Type", "application/json"}});
}

ApiAnswer Portal::put(const std::string& path,
                      const Json& body,
                      std::map<std::string, std::string> headers) const
{
    headers["Content-Type"] = "application/json";
    return send("PUT", path, body.dump(), std::move(headers));
}

ApiAnswer Portal::upload(const std::string& path,
                         const std::string& media_type,
                         const std::string& bytes) const
{
    return send("PUT", path, bytes, {{"Content-Type", media_type}});
}

void Portal::keepSession(const ApiAnswer& login)
{
    const auto set = login.headers.find("Set-Cookie");
    if (set == login.headers.end()) {
        throw std::runtime_error("no session was opened: " + login.body.dump());
    }
    cookie_ = set->second.substr(0, set->second.find(';'));
    csrf_token_ = expected(200, get("/session")).at("csrf_token");
}

} // namespace hub::test
