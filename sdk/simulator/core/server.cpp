#include "core/server.hpp"

#include "core/cashier.hpp"
#include "core/handler.hpp"
#include "core/inbox.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace hub::simulator {

namespace {

constexpr int kThreadsMax = 256;
constexpr int kQueuedMax = 1024;

Poco::Net::SecureServerSocket listenOn(const ServerSettings& settings)
{
    using Poco::Net::Context;
    const auto file = [&](const char* name) {
        return (settings.folder / name).string();
    };
    Context::Ptr context = new Context(Context::TLS_SERVER_USE,
                                       file("server.key"),
                                       file("server.pem"),
                                       file("ca.pem"),
                                       Context::VERIFY_NONE,
                                       9,
                                       false);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    return {Poco::Net::SocketAddress(settings.listen, settings.port), kQueuedMax, context};
}

/// The clock goes on from where the books left it, and from now on at the given speed.
ClockAnchor continueClock(Books& books, double speed)
{
    return books.transact([&](Book& book) {
        const std::int64_t now_ms = realNowMs();
        const ClockAnchor anchor{
            now_ms,
            book.clockAnchor().value_or(ClockAnchor{now_ms, now_ms}).at(now_ms),
            std::llround(speed * 1000)};
        book.saveClockAnchor(anchor);
        return anchor;
    });
}

Poco::Net::HTTPServerParams::Ptr httpParams()
{
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(kThreadsMax);
    params->setMaxQueued(kQueuedMax);
    params->setTimeout(Poco::Timespan(30, 0));
    params->setKeepAlive(true);
    params->setKeepAliveTimeout(Poco::Timespan(30, 0));
    return params;
}

void readFaults(const std::filesystem::path& path, Faults& faults)
{
    if (path.empty()) {
        return;
    }
    std::ifstream file(path);
    const Json script = Json::parse(file, nullptr, false);
    if (script.is_discarded()) {
        throw std::runtime_error(fmt::format("{}: can't be read as JSON", path.string()));
    }
    if (const auto added = faults.add(script); !added) {
        throw std::runtime_error(fmt::format("{}: {}", path.string(), added.error().message));
    }
}

} // namespace

/// In the order in which things are made; they go in the opposite order.
struct Server::Parts {
    Parts(const ServerSettings& settings, const MakeProviders& make_providers);

    Poco::Net::SecureServerSocket socket;
    Books books;
    TestClock clock;
    Providers providers;
    Faults faults;
    ExchangeLog exchanges;
    Wallet wallet;
    Notifier notifier;
    Exchange exchange;
    Cashier cashier;
    Inbox inbox;
    Control control;
    Pause pause;
    Poco::ThreadPool threads;
    Poco::Net::HTTPServer http;
};

Server::Parts::Parts(const ServerSettings& settings, const MakeProviders& make_providers)
    : socket(listenOn(settings))
    , books(settings.folder / "books.db")
    , clock(continueClock(books, settings.clock_speed))
    , providers(make_providers({books,
                                clock,
                                settings.public_url.empty()
                                    ? fmt::format("https://127.0.0.1:{}", socket.address().port())
                                    : settings.public_url}))
    , wallet(books, clock, providers)
    , notifier({books, clock, wallet, providers, faults, settings.trust_file})
    , exchange(faults, exchanges, [this] { notifier.wake(); })
    , cashier(wallet)
    , inbox(books, clock)
    , control({books,
               clock,
               wallet,
               faults,
               exchanges,
               providers,
               [this] {
                   notifier.wake();
               }})
    , threads("http", 2, kThreadsMax, 60)
    , http(new HandlerFactory({providers,
                               exchange,
                               cashier,
                               inbox,
                               control,
                               pause,
                               [this] {
                                   notifier.wake();
                               }}),
           threads,
           socket,
           httpParams())
{
    readFaults(settings.faults_file, faults);
    http.start();
}

Server::Server(const ServerSettings& settings, const MakeProviders& make_providers)
    : parts_(std::make_unique<Parts>(settings, make_providers))
{}

Server::~Server()
{
    stop();
}

std::uint16_t Server::port() const noexcept
{
    return parts_->http.port();
}

void Server::stop()
{
    parts_->pause.end();
    parts_->http.stopAll(true);
    parts_->threads.joinAll();
    parts_->notifier.stop();
}

} // namespace hub::simulator
