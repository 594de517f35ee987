// Gateway: the hub's face to the outside: /api/v1, callbacks of providers, health, metrics and the
// description of the API, over HTTP and HTTPS.
#pragma once

#include "base/clock.hpp"
#include "gateway/api.hpp"
#include "gateway/backend.hpp"
#include "gateway/server.hpp"
#include "security/api_keys.hpp"
#include "security/sessions.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hub::gateway {

struct GatewaySettings {
    ServerSettings server;
    ApiSettings api;
    std::string public_url;    // "https://hub.example.org"; no slash at the end
    bool docs = true;          // /api/openapi.json and /problems/<code>
    bool plain_cookie = false; // sessions over plain HTTP; for demos
};

class Gateway {
public:
    Gateway(GatewaySettings settings,
            Backend& backend,
            Authenticate authenticate,
            const base::Clock& clock,
            security::Sessions* sessions = nullptr);
    Gateway(GatewaySettings settings,
            Backend& backend,
            const security::ApiKeys& keys,
            security::Sessions& sessions,
            const base::Clock& clock);
    /// Stops.
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Takes the backend's routes and listens. Throws base::Failure.
    void start();
    /// Takes the backend's routes again; requests in flight keep theirs. Throws base::Failure,
    /// and then the old ones stay. Thread-safe.
    void reloadRoutes();
    /// Answers what is in flight, then returns.
    void stop() noexcept;

    /// Where it listens; 0 when it does not.
    std::uint16_t port() const;
    std::uint16_t httpsPort() const;

private:
    class Handler;
    std::unique_ptr<Handler> handler_;
    HttpServer server_;
};

} // namespace hub::gateway
