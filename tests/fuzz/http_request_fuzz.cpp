// Input: what a client sends over one connection. It is read once as it is and once in pieces: what
// a request is does not depend on how its bytes arrive. What is read keeps limits and grammar.

#include "base/encoding.hpp"
#include "expect.hpp"
#include "gateway/fields.hpp"
#include "gateway/problems.hpp"
#include "gateway/reader.hpp"

#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <optional>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace hub::fuzz;
using namespace hub::gateway;
using Status = RequestReader::Status;

constexpr ReadLimits kLimits{1024, 2048, 1000, 1000, 1000};
constexpr std::size_t kInputBytesMax = 16 * 1024;

/// Time stands still: the end of the input ends every wait.
class StillClock final : public hub::base::Clock {
public:
    std::int64_t nowMs() const override { return 1795228800000; }
    std::int64_t monotonicMs() const override { return 1; }
};

struct Read {
    HttpRequest request;
    std::string body;
};

struct Conversation {
    std::vector<Read> requests;
    Status status = Status::Closed;
    std::optional<Refusal> refusal;
};

/// A client that sends each piece as one packet and then closes.
Poco::Net::StreamSocket connectClient(std::string_view input, std::size_t piece_bytes)
{
    int ends[2];
    expect(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, "there is a socket");
    const Poco::Net::StreamSocket socket(new Poco::Net::StreamSocketImpl(ends[0]));
    while (!input.empty()) {
        const std::string_view piece = input.substr(0, piece_bytes);
        const ssize_t sent = ::send(ends[1], piece.data(), piece.size(), MSG_NOSIGNAL);
        expect(sent == static_cast<ssize_t>(piece.size()), "a piece can be sent");
        input.remove_prefix(piece.size());
    }
    ::shutdown(ends[1], SHUT_WR);
    // The reader may still write: a closed peer would end the conversation early.
    static int kept = -1;
    if (kept >= 0) {
        ::close(kept);
    }
    kept = ends[1];
    return socket;
}

void checkRefusal(const Refusal& refusal)
{
    expect(findProblem(refusal.code) != nullptr, "a refusal is in the catalogue", refusal.code);
    expectReadable(refusal.detail);
}

bool isTokenText(std::string_view text)
{
    return !text.empty() &&
           text.find_first_of(" \t\r\n:,;\"/()<>@[]{}=?\\") == std::string_view::npos &&
           !hasControlBytes(text);
}

std::string headOf(const HttpRequest& request)
{
    std::string head = request.method + " " + request.path;
    // "?" alone is the same request.
    head += request.query.empty() ? "" : "?" + request.query;
    head += " HTTP/1." + std::to_string(request.minor_version);
    for (const auto& [name, value] : request.headers) {
        head += "\r\n" + name + ": " + value;
    }
    return head;
}

void checkFields(const HttpRequest& request)
{
    if (const auto segments = splitPath(request.path)) {
        for (const std::string& segment : *segments) {
            expect(!hasControlBytes(segment) && hub::base::isUtf8(segment),
                   "a segment is text",
                   segment);
        }
    }
    if (const auto form = parseForm(request.query); form.ok()) {
        expect(!form.value().dump().empty(), "a form is text");
    }
    if (const auto query = parseQuery(request.query); query.ok()) {
        expect(!query.value().dump().empty(), "a query is text");
    } else {
        expectReadable(query.error().message);
    }
    const int wait = preferredWait(request).value_or(0);
    expect(wait >= 0 && wait <= kWaitSecondsMax, "nobody waits longer than allowed");
    expect(traceOf(request).size() == 32, "every request has a trace");
    expect(!hasControlBytes(bearerToken(request)) ||
               bearerToken(request).find('\t') != std::string::npos,
           "a token is text");
    preferredLanguage(request);
    keepsAlive(request);
    for (const auto& [name, value] : request.headers) {
        expect(!isEtag(value) || matchesEtag(value, value), "a tag matches itself", value);
        isJson(value);
    }
}

void checkRequest(const Read& read)
{
    const HttpRequest& request = read.request;
    expect(isTokenText(request.method), "a method is a token", request.method);
    expect(request.path.front() == '/' && request.path.find_first_of(" ?#") == std::string::npos &&
               !hasControlBytes(request.path),
           "a path is a path",
           request.path);
    expect(!hasControlBytes(request.query), "a query has no control byte", request.query);
    for (const auto& [name, value] : request.headers) {
        expect(isTokenText(name), "a field has a name", name);
        expect(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
               "a field is one line",
               value);
    }
    expect(read.body.size() <= kLimits.body_bytes_max, "a body keeps its limit");
    const auto again = parseHead(headOf(request));
    const auto* same = std::get_if<HttpRequest>(&again);
    expect(same != nullptr && same->headers == request.headers && same->path == request.path &&
               same->query == request.query && same->method == request.method,
           "a head survives being written",
           headOf(request));
    checkFields(request);
}

Conversation converse(std::string_view input, std::size_t piece_bytes)
{
    const StillClock clock;
    Transport transport(connectClient(input, piece_bytes), nullptr, clock);
    RequestReader reader(transport, kLimits, clock);
    Conversation conversation;
    while (conversation.requests.size() <= input.size()) {
        conversation.status = reader.awaitRequest();
        if (conversation.status == Status::Ready) {
            conversation.status = reader.readHead(clock.monotonicMs() + kLimits.header_ms);
        }
        if (conversation.status != Status::Ready) {
            if (conversation.status == Status::Refused) {
                conversation.refusal = reader.refusal();
            }
            return conversation;
        }
        Read read{reader.request(), {}};
        conversation.refusal = reader.read(read.body);
        if (conversation.refusal) {
            expect(!reader.atEnd(), "after half a body no request is looked for");
            return conversation;
        }
        expect(reader.atEnd(), "a body that was read is at its end");
        conversation.requests.push_back(std::move(read));
    }
    expect(false, "requests end with the input");
    return conversation;
}

void compare(const Conversation& whole, const Conversation& pieces, std::string_view input)
{
    const std::size_t common = std::min(whole.requests.size(), pieces.requests.size());
    for (std::size_t i = 0; i < common; ++i) {
        expect(headOf(whole.requests[i].request) == headOf(pieces.requests[i].request) &&
                   whole.requests[i].body == pieces.requests[i].body,
               "a request is the same however it arrives",
               input);
    }
    const auto codeOf = [](const Conversation& one) {
        return one.refusal ? one.refusal->code : std::string();
    };
    expect(whole.requests.size() == pieces.requests.size() && whole.status == pieces.status &&
               codeOf(whole) == codeOf(pieces),
           "a conversation ends the same however it arrives",
           input);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input = textOf(data, std::min(size, kInputBytesMax));
    const Conversation whole = converse(input, kInputBytesMax);
    for (const Read& read : whole.requests) {
        checkRequest(read);
    }
    if (whole.refusal) {
        checkRefusal(*whole.refusal);
    }
    compare(whole, converse(input, input.size() / 16 + 1), input);
    return 0;
}
