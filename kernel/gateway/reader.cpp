#include "gateway/reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hub::gateway {

namespace {

bool equalsNoCase(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a)) == b;
           });
}

/// The end of the header, or npos. `bare` tells of a line feed without carriage return, at which
/// some readers would end a line and others not.
std::size_t findHeadEnd(std::string_view bytes, std::size_t from, bool& bare)
{
    for (std::size_t i = from; i < bytes.size(); ++i) {
        if (bytes[i] != '\n') {
            continue;
        }
        if (i == 0 || bytes[i - 1] != '\r') {
            bare = true;
            return std::string_view::npos;
        }
        if (i >= 3 && bytes.substr(i - 3, 4) == "\r\n\r\n") {
            return i - 3;
        }
    }
    return std::string_view::npos;
}

/// RFC 9112, 2.2: an empty line before the request line is no mistake. A second one is.
bool skipEmptyLine(std::string& bytes)
{
    if (bytes.compare(0, 2, "\r\n") != 0) {
        return false;
    }
    bytes.erase(0, 2);
    return true;
}

} // namespace

RequestReader::RequestReader(Transport& transport,
                             const ReadLimits& limits,
                             const base::Clock& clock)
    : transport_(transport)
    , limits_(limits)
    , clock_(clock)
    , body_bytes_max_(limits.body_bytes_max)
{}

RequestReader::Status RequestReader::awaitRequest()
{
    if (!buffer_.empty()) {
        return Status::Ready;
    }
    switch (transport_.read(buffer_, clock_.monotonicMs() + limits_.idle_ms)) {
    case Transport::Status::Done:
        return Status::Ready;
    case Transport::Status::Late:
        return Status::Idle;
    default:
        return Status::Closed;
    }
}

RequestReader::Status RequestReader::readHead(std::int64_t deadline_ms)
{
    // Only this many bytes are looked at, so that the verdict is the same however they arrive.
    const std::size_t bytes_max = limits_.header_bytes_max + std::string_view("\r\n\r\n").size();
    std::size_t scanned = 0;
    bool begun = false;
    for (;;) {
        if (!begun && buffer_.size() >= 2) {
            begun = true;
            scanned = skipEmptyLine(buffer_) ? 0 : scanned;
        }
        bool bare = false;
        const std::size_t end =
            findHeadEnd(std::string_view(buffer_).substr(0, bytes_max), scanned, bare);
        if (bare) {
            refusal_ = {"malformed_request", "a line of the header does not end with CR LF"};
            return Status::Refused;
        }
        if (end != std::string::npos) {
            return acceptHead(end);
        }
        if (buffer_.size() >= bytes_max) {
            refusal_ = {"header_too_large",
                        "the header is longer than " + std::to_string(limits_.header_bytes_max) +
                            " bytes"};
            return Status::Refused;
        }
        scanned = buffer_.size();
        switch (transport_.read(buffer_, deadline_ms)) {
        case Transport::Status::Done:
            break;
        case Transport::Status::Late:
            return Status::Late;
        case Transport::Status::Closed:
            return Status::Closed;
        }
    }
}

RequestReader::Status RequestReader::acceptHead(std::size_t end)
{
    body_bytes_max_ = limits_.body_bytes_max;
    auto head = parseHead(std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end + 4);
    if (const auto* refusal = std::get_if<Refusal>(&head)) {
        refusal_ = *refusal;
        return Status::Refused;
    }
    request_ = std::get<HttpRequest>(std::move(head));
    const auto framing = parseFraming(request_);
    if (const auto* refusal = std::get_if<Refusal>(&framing)) {
        refusal_ = *refusal;
        return Status::Refused;
    }
    framing_ = std::get<Framing>(framing);
    body_done_ = framing_.empty();
    expects_continue_ = false;
    if (const std::string* expect = request_.header("expect")) {
        if (!equalsNoCase(*expect, "100-continue")) {
            refusal_ = {"expectation_unsupported", "the only expectation is 100-continue"};
            return Status::Refused;
        }
        expects_continue_ = request_.minor_version == 1 && !framing_.empty();
    }
    return Status::Ready;
}

Refusal RequestReader::tooLarge() const
{
    return {"body_too_large",
            "the body is longer than " + std::to_string(body_bytes_max_) + " bytes"};
}

std::optional<Refusal> RequestReader::read(std::string& into)
{
    if (body_done_) {
        return std::nullopt;
    }
    if (framing_.length > body_bytes_max_) {
        return tooLarge();
    }
    const std::int64_t deadline = clock_.monotonicMs() + limits_.body_ms;
    if (expects_continue_ && buffer_.empty() &&
        transport_.write("HTTP/1.1 100 Continue\r\n\r\n", deadline) != Transport::Status::Done) {
        return Refusal{"body_too_slow", "the client went away before it sent the body"};
    }
    auto refusal = framing_.chunked ? readChunked(into, deadline) : readFixed(into, deadline);
    body_done_ = !refusal;
    return refusal;
}

std::optional<Refusal> RequestReader::fill(std::int64_t deadline_ms)
{
    switch (transport_.read(buffer_, deadline_ms)) {
    case Transport::Status::Done:
        return std::nullopt;
    case Transport::Status::Late:
        return Refusal{"body_too_slow",
                       "the body was not there after " + std::to_string(limits_.body_ms) + " ms"};
    default:
        return Refusal{"malformed_request", "the connection ended before the body did"};
    }
}

std::optional<Refusal>
RequestReader::take(std::size_t size, std::string& into, std::int64_t deadline_ms)
{
    while (size > 0) {
        if (buffer_.empty()) {
            if (auto refusal = fill(deadline_ms)) {
                return refusal;
            }
        }
        const std::size_t piece = std::min(size, buffer_.size());
        into.append(buffer_, 0, piece);
        buffer_.erase(0, piece);
        size -= piece;
    }
    return std::nullopt;
}

std::optional<Refusal> RequestReader::readFixed(std::string& into, std::int64_t deadline_ms)
{
    return take(framing_.length, into, deadline_ms);
}

std::optional<Refusal> RequestReader::readLine(std::string& line, std::int64_t deadline_ms)
{
    constexpr std::size_t kLineBytesMax = 1024;
    for (;;) {
        const std::size_t end = buffer_.find('\n');
        if (end != std::string::npos && (end == 0 || buffer_[end - 1] != '\r')) {
            return Refusal{"malformed_request", "a line of a chunk does not end with CR LF"};
        }
        if (end != std::string::npos && end <= kLineBytesMax) {
            line.assign(buffer_, 0, end - 1);
            buffer_.erase(0, end + 1);
            return std::nullopt;
        }
        if (buffer_.size() > kLineBytesMax) {
            return Refusal{"malformed_request", "a line between the chunks is too long"};
        }
        if (auto refusal = fill(deadline_ms)) {
            return refusal;
        }
    }
}

std::optional<Refusal> RequestReader::readChunked(std::string& into, std::int64_t deadline_ms)
{
    constexpr int kTrailersMax = 16;
    std::string line;
    for (;;) {
        if (auto refusal = readLine(line, deadline_ms)) {
            return refusal;
        }
        // A chunk extension after ";" means nothing to anybody.
        const std::string digits = line.substr(0, line.find_first_of("; \t"));
        std::size_t size = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
        if (error != std::errc{} || end != digits.data() + digits.size()) {
            return Refusal{"malformed_request", "the size of a chunk is no hexadecimal number"};
        }
        if (size > body_bytes_max_ - std::min(into.size(), body_bytes_max_)) {
            return tooLarge();
        }
        if (size == 0) {
            break;
        }
        if (auto refusal = take(size, into, deadline_ms)) {
            return refusal;
        }
        if (auto refusal = readLine(line, deadline_ms)) {
            return refusal;
        }
        if (!line.empty()) {
            return Refusal{"malformed_request", "a chunk is longer than it says"};
        }
    }
    for (int trailer = 0; trailer <= kTrailersMax; ++trailer) {
        if (auto refusal = readLine(line, deadline_ms)) {
            return refusal;
        }
        if (line.empty()) {
            return std::nullopt;
        }
    }
    return Refusal{"malformed_request", "there are too many trailer fields"};
}

} // namespace hub::gateway
