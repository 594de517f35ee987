#include "gateway/http.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace hub::gateway {

namespace {

Refusal malformed(std::string detail)
{
    return {"malformed_request", std::move(detail)};
}

bool isTokenCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isFieldValue(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    });
}

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string toLower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return lower;
}

/// origin-form, or absolute-form whose authority is ignored as the Host header is.
bool parseTarget(std::string_view target, HttpRequest& request)
{
    const bool visible = std::all_of(
        target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
    if (!visible) {
        return false;
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.substr(0, scheme.size()) == scheme) {
            const std::size_t slash = target.find('/', scheme.size());
            target = slash == std::string_view::npos ? "/" : target.substr(slash);
        }
    }
    if (target.empty() || target[0] != '/') {
        return false;
    }
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
    return true;
}

std::optional<Refusal> parseRequestLine(std::string_view line, HttpRequest& request)
{
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return malformed("the request line is not \"method target version\"");
    }
    const std::string_view method = line.substr(0, first);
    const std::string_view version = line.substr(last + 1);
    if (!isToken(method) || method.size() > 32) {
        return malformed("the method is no token");
    }
    if (version.substr(0, 5) != "HTTP/") {
        return malformed("the request line does not end with an HTTP version");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return Refusal{"http_version_unsupported", "the version is not HTTP/1.1 or HTTP/1.0"};
    }
    request.method = method;
    request.minor_version = version.back() - '0';
    if (!parseTarget(line.substr(first + 1, last - first - 1), request)) {
        return malformed("the request target is not a path");
    }
    return std::nullopt;
}

std::optional<Refusal> parseField(std::string_view line, HttpRequest& request)
{
    // Fields that decide where a message ends, whom it is for or what it does: twice is refused.
    constexpr std::array<std::string_view, 11> kSingle = {"host",
                                                          "content-length",
                                                          "transfer-encoding",
                                                          "content-type",
                                                          "authorization",
                                                          "x-api-key",
                                                          "idempotency-key",
                                                          "cookie",
                                                          "origin",
                                                          "sec-fetch-site",
                                                          "x-csrf-token"};
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
        return malformed("a header field is not \"name: value\"");
    }
    const std::string name = toLower(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (!isFieldValue(value)) {
        return malformed("the header field " + name + " holds a control character");
    }
    const bool single = std::find(kSingle.begin(), kSingle.end(), name) != kSingle.end();
    if (single && request.header(name) != nullptr) {
        return malformed("the header field " + name + " is there twice");
    }
    request.headers.emplace_back(name, value);
    return std::nullopt;
}

} // namespace

const std::string* HttpRequest::header(std::string_view name) const noexcept
{
    for (const auto& [field, value] : headers) {
        if (field == name) {
            return &value;
        }
    }
    return nullptr;
}

void HttpResponse::set(std::string name, std::string value)
{
    headers.emplace_back(std::move(name), std::move(value));
}

std::variant<HttpRequest, Refusal> parseHead(std::string_view head)
{
    HttpRequest request;
    bool first = true;
    while (first || !head.empty()) {
        const std::size_t end = head.find("\r\n");
        const std::string_view line = head.substr(0, end);
        head = end == std::string_view::npos ? std::string_view{} : head.substr(end + 2);
        const auto refusal = first ? parseRequestLine(line, request) : parseField(line, request);
        if (refusal) {
            return *refusal;
        }
        first = false;
    }
    if (request.minor_version == 1 && request.header("host") == nullptr) {
        return malformed("an HTTP/1.1 request needs a Host header field");
    }
    return request;
}

std::variant<Framing, Refusal> parseFraming(const HttpRequest& request)
{
    const std::string* length = request.header("content-length");
    const std::string* coding = request.header("transfer-encoding");
    Framing framing;
    if (coding != nullptr) {
        if (length != nullptr || request.minor_version == 0) {
            return malformed("Transfer-Encoding beside Content-Length or in HTTP/1.0");
        }
        if (toLower(*coding) != "chunked") {
            return Refusal{"transfer_coding_unsupported", "the only transfer coding is chunked"};
        }
        framing.chunked = true;
    } else if (length != nullptr) {
        constexpr std::size_t kDigitsMax = 15;
        const bool digits = !length->empty() && length->size() <= kDigitsMax &&
                            length->find_first_not_of("0123456789") == std::string::npos;
        if (!digits) {
            return malformed("Content-Length is not a number of bytes");
        }
        framing.length = std::stoull(*length);
    }
    return framing;
}

bool keepsAlive(const HttpRequest& request)
{
    for (const auto& [name, value] : request.headers) {
        if (name == "connection") {
            const std::string options = toLower(value);
            if (options.find("close") != std::string::npos) {
                return false;
            }
            if (options.find("keep-alive") != std::string::npos) {
                return true;
            }
        }
    }
    return request.minor_version == 1;
}

std::string
serialize(const HttpResponse& response, std::string_view date, bool keep_alive, bool with_body)
{
    const auto status = static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status);
    std::string bytes = "HTTP/1.1 " + std::to_string(response.status) + " " +
                        Poco::Net::HTTPResponse::getReasonForStatus(status) + "\r\nDate: ";
    bytes += date;
    for (const auto& [name, value] : response.headers) {
        if (isFieldValue(value)) {
            bytes += "\r\n" + name + ": " + value;
        }
    }
    if (!response.media_type.empty() && isFieldValue(response.media_type)) {
        bytes += "\r\nContent-Type: " + response.media_type;
    }
    const bool may_have_body = response.status != 204 && response.status != 304;
    if (may_have_body) {
        bytes += "\r\nContent-Length: " + std::to_string(response.body.size());
    }
    bytes += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
    if (with_body && may_have_body) {
        bytes += response.body;
    }
    return bytes;
}

} // namespace hub::gateway
