// WebClient: HTTPS with JSON, as a portal, a person's browser or a phone would speak it. As a
// browser it keeps the hub's cookie and sends the token that goes with it; one with an API key
// gets no cookie.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace demo {

using Json = nlohmann::json;

struct WebAnswer {
    int status = 0;
    std::string body;
    std::string etag;
    std::string location; // where it redirects to; empty: it does not
    std::string cookie;   // "name=value" of what it sets; empty: nothing

    /// Throws std::runtime_error with the body when it is no JSON.
    Json json() const;
};

class WebClient {
public:
    /// `base` is "https://127.0.0.1:8443"; `ca_file` vouches for it.
    WebClient(std::string base, const std::string& ca_file, const std::string& token);

    WebAnswer get(const std::string& path,
                  const std::map<std::string, std::string>& headers = {}) const;
    /// Null for a route that takes no body.
    WebAnswer post(const std::string& path,
                   const Json& body,
                   const std::map<std::string, std::string>& headers = {}) const;
    /// As a browser posts a page's form.
    WebAnswer postForm(const std::string& path,
                       const std::string& form,
                       const std::map<std::string, std::string>& headers = {}) const;

    WebAnswer put(const std::string& path,
                  const Json& body,
                  const std::map<std::string, std::string>& headers = {}) const;
    /// A file as the body, "image/png".
    WebAnswer upload(const std::string& path,
                     const std::string& media_type,
                     const std::string& bytes,
                     const std::map<std::string, std::string>& headers = {}) const;

    WebAnswer remove(const std::string& path) const;

    /// Goes with every request from now on.
    void setHeader(const std::string& name, const std::string& value) { headers_[name] = value; }
    /// Takes the cookie of the answer to a log-in, and asks the hub for the token that protects it.
    void keepSession(const WebAnswer& login);
    const std::string& base() const noexcept { return base_; }

private:
    WebAnswer send(const std::string& method,
                   const std::string& path,
                   const std::string& media_type,
                   const std::string& body,
                   const std::map<std::string, std::string>& headers) const;

    std::string base_;
    std::map<std::string, std::string> headers_;
};

} // namespace demo
