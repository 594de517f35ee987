// RequestReader: takes one request after the other off a transport, under the limits of size and
// time; what a client sends ahead waits in the buffer for the next request.
#pragma once

#include "gateway/http.hpp"
#include "gateway/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hub::gateway {

struct ReadLimits {
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = std::size_t{1024} * 1024;
    std::int64_t header_ms = 5000; // for the whole header, the TLS handshake included
    std::int64_t body_ms = 10000;  // for the whole body
    std::int64_t idle_ms = 15000;  // between two requests of a connection
};

/// The body of the request at hand, read when somebody asks for it.
class Body {
public:
    virtual ~Body() = default;
    /// Another limit than the operator's for all bodies; before read().
    virtual void allow(std::size_t bytes_max) noexcept = 0;
    /// Appends the whole body; call it once.
    virtual std::optional<Refusal> read(std::string& into) = 0;
};

/// Belongs to one thread.
class RequestReader final : public Body {
public:
    enum class Status { Ready, Closed, Idle, Late, Refused };

    RequestReader(Transport& transport, const ReadLimits& limits, const base::Clock& clock);

    /// Waits for the first byte of a further request. Closed: the client is gone or idle.
    Status awaitRequest();
    /// The header must be there by `deadline_ms`. Refused: see refusal().
    Status readHead(std::int64_t deadline_ms);

    HttpRequest& request() noexcept { return request_; }
    const Refusal& refusal() const noexcept { return refusal_; }

    void allow(std::size_t bytes_max) noexcept override { body_bytes_max_ = bytes_max; }
    std::optional<Refusal> read(std::string& into) override;
    /// False while bytes of the body may still be on their way: the next request can't be found.
    bool atEnd() const noexcept { return body_done_; }

private:
    Status acceptHead(std::size_t end);
    std::optional<Refusal> fill(std::int64_t deadline_ms);
    std::optional<Refusal> readFixed(std::string& into, std::int64_t deadline_ms);
    std::optional<Refusal> readChunked(std::string& into, std::int64_t deadline_ms);
    std::optional<Refusal> readLine(std::string& line, std::int64_t deadline_ms);
    std::optional<Refusal> take(std::size_t size, std::string& into, std::int64_t deadline_ms);
    Refusal tooLarge() const;

    Transport& transport_;
    const ReadLimits& limits_;
    const base::Clock& clock_;
    std::size_t body_bytes_max_; // of the request at hand
    std::string buffer_;
    HttpRequest request_;
    Framing framing_;
    Refusal refusal_;
    bool expects_continue_ = false;
    bool body_done_ = true;
};

} // namespace hub::gateway
