// HTTP messages as providers and the core pass them to each other.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::simulator {

/// In the order of the message.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first header of that name, whatever its case; empty when there is none.
std::string headerOf(const Headers& headers, std::string_view name);

/// A request as it came, and where it came to.
struct HttpMessage {
    std::string method;
    std::string path;
    std::string query; ///< still percent-encoded
    std::string content_type;
    std::string body;
    Headers headers = {};

    /// Path and query exactly as they were sent.
    std::string target() const { return query.empty() ? path : path + "?" + query; }
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json; charset=utf-8";
    std::string body; ///< not sent with 204
    Headers headers = {};
};

/// What is posted to a merchant's address.
struct OutMessage {
    std::string content_type;
    std::string body;
    Headers headers = {};
};

} // namespace hub::simulator
