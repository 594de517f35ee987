#include "gateway/server.hpp"

#include "base/exception.hpp"
#include "base/failpoint.hpp"
#include "gateway/connections.hpp"
#include "gateway/transport.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <optional>
#include <utility>

namespace hub::gateway {

namespace {

using Poco::Net::Context;
using Poco::Net::StreamSocket;
using Poco::Net::TCPServer;

const observe::Log kLog{"gateway"};
const observe::Counter kCut{
    "hub_http_cut_total", "Connections that the gateway ended without an answer.", {"reason"}};
const observe::Gauge kAlive{"hub_http_connections", "Connections that are open."};

constexpr std::size_t kLingerBytesMax = std::size_t{1024} * 1024;
constexpr std::int64_t kLingerMs = 1000;

std::string dateText()
{
    return Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT);
}

/// What all connections share; outlives them.
struct Shared {
    const ServerSettings& settings;
    HttpHandler& handler;
    const base::Clock& clock;
    Connections& connections;
};

/// One more in the gauge, as long as it lives.
struct Counted {
    Counted() { kAlive.add(1); }
    ~Counted() { kAlive.add(-1); }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
};

class Connection final : public Poco::Net::TCPServerConnection {
public:
    Connection(const StreamSocket& accepted, Shared shared, Context::Ptr tls)
        : TCPServerConnection(accepted)
        , shared_(shared)
        , tls_(std::move(tls))
        , accepted_ms_(shared.clock.monotonicMs())
    {}

    /// The HTTP handler's barrier: nothing thrown leaves a connection.
    void run() noexcept override
    {
        try {
            serve();
        } catch (...) {
            kLog.warning("a connection ended by an exception: {}", base::currentExceptionText());
        }
    }

private:
    void serve()
    {
        const Poco::Net::IPAddress address = socket().peerAddress().host();
        client_ip_ = address.toString();
        Transport transport(socket(), tls_, shared_.clock);
        Connections::Entry entry(shared_.connections, socket().impl()->sockfd(), address);
        if (!entry.admitted()) {
            kCut.add({"too_many_connections"});
            return;
        }
        const Counted counted;
        RequestReader reader(transport, shared_.settings.limits, shared_.clock);
        std::int64_t begun_ms = accepted_ms_;
        while (serveOne(transport, reader, begun_ms) && awaitNext(entry, reader)) {
            begun_ms = shared_.clock.monotonicMs();
        }
    }

    static bool awaitNext(Connections::Entry& entry, RequestReader& reader)
    {
        if (!entry.beginIdle()) {
            return false;
        }
        const auto status = reader.awaitRequest();
        entry.endIdle();
        return status == RequestReader::Status::Ready;
    }

    /// True when the connection can carry a further request.
    bool serveOne(Transport& transport, RequestReader& reader, std::int64_t begun_ms)
    {
        const auto status = reader.readHead(begun_ms + shared_.settings.limits.header_ms);
        if (status == RequestReader::Status::Late) {
            kCut.add({"header_too_slow"});
            return false;
        }
        if (status == RequestReader::Status::Refused) {
            answer(transport, shared_.handler.refuse(reader.refusal(), client_ip_), false, true);
            transport.linger(kLingerBytesMax, shared_.clock.monotonicMs() + kLingerMs);
            return false;
        }
        if (status != RequestReader::Status::Ready) {
            return false;
        }
        HttpRequest& request = reader.request();
        request.client_ip = client_ip_;
        request.secure = !tls_.isNull();
        const HttpResponse response = handle(request, reader);
        const bool keep = keepsAlive(request) && reader.atEnd() && !shared_.connections.stopping();
        if (!answer(transport, response, keep, request.method != "HEAD")) {
            return false;
        }
        HUB_FAILPOINT(HttpAnswered);
        if (!keep) {
            transport.linger(kLingerBytesMax, shared_.clock.monotonicMs() + kLingerMs);
        }
        return keep;
    }

    HttpResponse handle(const HttpRequest& request, RequestReader& reader)
    {
        try {
            return shared_.handler.handle(request, reader);
        } catch (...) {
            kLog.error("the handler of {} threw: {}", request.method, base::currentExceptionText());
            return shared_.handler.refuse({"internal", "the hub failed to handle the request"},
                                          request.client_ip);
        }
    }

    bool answer(Transport& transport, const HttpResponse& response, bool keep, bool with_body)
    {
        const std::string bytes = serialize(response, dateText(), keep, with_body);
        const std::int64_t deadline = shared_.clock.monotonicMs() + shared_.settings.write_ms;
        const auto status = transport.write(bytes, deadline);
        if (status == Transport::Status::Late) {
            kCut.add({"answer_taken_too_slowly"});
        }
        return status == Transport::Status::Done;
    }

    Shared shared_;
    Context::Ptr tls_;
    std::int64_t accepted_ms_;
    std::string client_ip_;
};

class ConnectionFactory final : public Poco::Net::TCPServerConnectionFactory {
public:
    ConnectionFactory(Shared shared, Context::Ptr tls)
        : shared_(shared)
        , tls_(std::move(tls))
    {}

    Poco::Net::TCPServerConnection* createConnection(const StreamSocket& accepted) override
    {
        return new Connection(accepted, shared_, tls_);
    }

private:
    Shared shared_;
    Context::Ptr tls_;
};

Context::Ptr makeTlsContext(const ServerSettings& settings)
{
    try {
        Poco::Net::initializeSSL();
        Context::Ptr context = new Context(Context::TLS_SERVER_USE,
                                           settings.private_key.string(),
                                           settings.certificate.string(),
                                           "",
                                           Context::VERIFY_NONE);
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        context->preferServerCiphers();
        return context;
    } catch (const Poco::Exception& problem) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "HTTPS can't start with the certificate {} and the key {} ({}): both "
                            "must be PEM files that the hub may read and belong together",
                            settings.certificate.string(),
                            settings.private_key.string(),
                            problem.displayText());
    }
}

Poco::Net::ServerSocket listenOn(const std::string& host, std::uint16_t port)
{
    constexpr int kBacklog = 256;
    try {
        Poco::Net::ServerSocket socket;
        // Never shared: Poco's default would let a second hub take half of the connections.
        socket.bind(Poco::Net::SocketAddress(host, port), true, false);
        socket.listen(kBacklog);
        return socket;
    } catch (const Poco::Exception& problem) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "the gateway can't listen on {} port {} ({}): free the port or set "
                            "another one",
                            host,
                            port,
                            problem.displayText());
    }
}

} // namespace

class HttpServer::Impl {
public:
    Impl(ServerSettings settings, HttpHandler& handler, const base::Clock& clock)
        : settings_(std::move(settings))
        , connections_(settings_.connections_per_address, settings_.threads * 3 / 4)
        , shared_{settings_, handler, clock, connections_}
        , pool_("gateway", 2, settings_.threads * 2 + 2)
    {}

    void start()
    {
        Context::Ptr tls;
        std::optional<Poco::Net::ServerSocket> https;
        if (settings_.https) {
            tls = makeTlsContext(settings_);
            https = listenOn(settings_.host, settings_.https_port);
        }
        http_ = listen(listenOn(settings_.host, settings_.port), nullptr);
        if (https) {
            https_ = listen(*https, tls);
        }
    }

    void stop() noexcept
    {
        for (TCPServer* server : {http_.get(), https_.get()}) {
            if (server != nullptr) {
                server->stop();
            }
        }
        connections_.stop(settings_.stop_ms);
        pool_.joinAll();
        http_.reset();
        https_.reset();
    }

    static std::uint16_t portOf(const std::unique_ptr<TCPServer>& server)
    {
        return server ? server->port() : std::uint16_t{0};
    }

    std::unique_ptr<TCPServer> http_;
    std::unique_ptr<TCPServer> https_;

private:
    std::unique_ptr<TCPServer> listen(const Poco::Net::ServerSocket& socket, Context::Ptr tls)
    {
        constexpr int kQueuedMax = 128;
        constexpr int kThreadIdleMs = 500;
        Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
        params->setMaxThreads(settings_.threads);
        params->setMaxQueued(kQueuedMax);
        params->setThreadIdleTime(Poco::Timespan(0, kThreadIdleMs * 1000));
        auto server = std::make_unique<TCPServer>(
            new ConnectionFactory(shared_, std::move(tls)), pool_, socket, params);
        server->start();
        return server;
    }

    ServerSettings settings_;
    Connections connections_;
    Shared shared_;
    Poco::ThreadPool pool_;
};

HttpServer::HttpServer(ServerSettings settings, HttpHandler& handler, const base::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), handler, clock))
{}

HttpServer::~HttpServer()
{
    stop();
}

void HttpServer::start()
{
    impl_->start();
}

void HttpServer::stop() noexcept
{
    impl_->stop();
}

std::uint16_t HttpServer::port() const
{
    return Impl::portOf(impl_->http_);
}

std::uint16_t HttpServer::httpsPort() const
{
    return Impl::portOf(impl_->https_);
}

} // namespace hub::gateway
