// Portal: a person's browser at the hub: keeps the session and sends the token that protects it.
#pragma once

#include "support/hub_process.hpp"

#include <map>
#include <string>

namespace hub::test {

class Portal {
public:
    /// Borrowed.
    Portal(const HubProcess& hub, std::string edition);

    ApiAnswer get(const std::string& path) const;
    /// Null for a route that takes no body.
    ApiAnswer post(const std::string& path, const Json& body) const;
    ApiAnswer put(const std::string& path,
                  const Json& body,
                  std::map<std::string, std::string> headers = {}) const;
    ApiAnswer
    upload(const std::string& path, const std::string& media_type, const std::string& bytes) const;

    /// Of the answer to a log-in.
    void keepSession(const ApiAnswer& login);
    const std::string& cookie() const noexcept { return cookie_; }
    const std::string& csrfToken() const noexcept { return csrf_token_; }

private:
    ApiAnswer send(const std::string& method,
                   const std::string& path,
                   const std::string& body,
                   std::map<std::string, std::string> headers) const;

    const HubProcess& hub_;
    std::string edition_;
    std::string cookie_;
    std::string csrf_token_;
};

/// As it should be; throws with both otherwise.
Json expected(int status, const ApiAnswer& answer);

} // namespace hub::test
