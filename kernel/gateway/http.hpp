// HTTP/1.1 messages as the gateway reads and writes them (RFC 9110, RFC 9112), strictly: what
// two readers could take for different requests is refused, not repaired.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hub::gateway {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;
    std::string path;  // as received, without the query
    std::string query; // as received, without "?"
    int minor_version = 1;
    HeaderFields headers; // names in lower case
    std::string client_ip;
    bool secure = false;

    /// The first field of that lower-case name, or null.
    const std::string* header(std::string_view name) const noexcept;
};

struct HttpResponse {
    int status = 200;
    std::string media_type; // empty: no body
    std::string body;
    HeaderFields headers;

    void set(std::string name, std::string value);
};

/// A request that is refused before a handler has its content. `code` is of the catalogue.
struct Refusal {
    std::string code;
    std::string detail;
};

/// How the body of a request is delimited.
struct Framing {
    bool chunked = false;
    std::size_t length = 0;

    bool empty() const noexcept { return !chunked && length == 0; }
};

/// `head` is everything before the empty line.
std::variant<HttpRequest, Refusal> parseHead(std::string_view head);

/// Content-Length and Transfer-Encoding together, or either of them doubtful, is refused.
std::variant<Framing, Refusal> parseFraming(const HttpRequest& request);

/// False when the client, its version or the response asks for the connection's end.
bool keepsAlive(const HttpRequest& request);

/// The bytes of a response. A field whose value could end the line early is left out.
std::string
serialize(const HttpResponse& response, std::string_view date, bool keep_alive, bool with_body);

} // namespace hub::gateway
