// WebClient: HTTPS with JSON, as a portal or a phone would speak it.
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

    /// Throws std::runtime_error with the body when it is no JSON.
    Json json() const;
};

class WebClient {
public:
    /// `base` is "https://127.0.0.1:8443"; `ca_file` vouches for it.
    WebClient(std::string base, const std::string& ca_file, std::string token);

    WebAnswer get(const std::string& path,
                  const std::map<std::string, std::string>& headers = {}) const;
    WebAnswer post(const std::string& path,
                   const Json& body,
                   const std::map<std::string, std::string>& headers = {}) const;
    /// As a browser posts a page's form.
    WebAnswer postForm(const std::string& path,
                       const std::string& form,
                       const std::map<std::string, std::string>& headers = {}) const;

    WebAnswer remove(const std::string& path) const;

    const std::string& base() const noexcept { return base_; }

private:
    WebAnswer send(const std::string& method,
                   const std::string& path,
                   const std::string& media_type,
                   const std::string& body,
                   const std::map<std::string, std::string>& headers) const;

    std::string base_;
    std::string token_;
};

} // namespace demo
