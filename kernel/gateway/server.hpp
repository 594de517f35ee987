// HttpServer: accepts connections for HTTP and HTTPS and hands each request to one handler.
// Limits per address and the clean end of all connections are kept here.
#pragma once

#include "base/clock.hpp"
#include "gateway/http.hpp"
#include "gateway/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace hub::gateway {

struct ServerSettings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0; // 0: any free one
    bool https = false;
    std::uint16_t https_port = 0;
    std::filesystem::path certificate; // PEM, with its chain
    std::filesystem::path private_key; // PEM
    ReadLimits limits;
    std::int64_t write_ms = 10000; // for a whole answer
    int threads = 64;              // per listener; one connection holds one
    int connections_per_address = 32;
    std::int64_t stop_ms = 5000; // for the requests in flight
};

/// Thread-safe. handle() may throw: then the client gets refuse() of "internal".
class HttpHandler {
public:
    virtual ~HttpHandler() = default;
    virtual HttpResponse handle(const HttpRequest& request, Body& body) = 0;
    /// The answer to a request that never became one.
    virtual HttpResponse refuse(const Refusal& refusal, const std::string& client_ip) = 0;
};

class HttpServer {
public:
    HttpServer(ServerSettings settings, HttpHandler& handler, const base::Clock& clock);
    /// Stops.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Throws base::Failure when a port is taken or the certificate can't be used.
    void start();
    /// Takes no further connection, ends the idle ones, waits for the requests in flight, then
    /// cuts what still talks. Returns when no thread of the server is alive.
    void stop() noexcept;

    /// 0 when it does not listen there.
    std::uint16_t port() const;
    std::uint16_t httpsPort() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::gateway
