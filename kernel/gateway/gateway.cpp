#include "gateway/gateway.hpp"

#include "base/exception.hpp"
#include "gateway/asyncapi.hpp"
#include "gateway/callbacks.hpp"
#include "gateway/fields.hpp"
#include "gateway/openapi.hpp"
#include "gateway/pages.hpp"
#include "gateway/problems.hpp"
#include "gateway/routes.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>

namespace hub::gateway {

namespace {

const observe::Log kLog{"gateway"};
const observe::Counter kRequests{
    "hub_http_requests_total", "Requests by route and status.", {"route", "status"}};
const observe::Histogram kSeconds{
    "hub_http_request_seconds", "Time from the header to the answer.", {"route"}};

constexpr std::string_view kMetricsScope = "metrics:read";
constexpr std::string_view kOpenApiPath = "/api/openapi.json";
constexpr std::string_view kAsyncApiPath = "/api/asyncapi.json";

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

bool isRead(const HttpRequest& request)
{
    return request.method == "GET" || request.method == "HEAD";
}

HttpResponse makeText(const std::string& media_type, std::string body)
{
    HttpResponse response;
    response.media_type = media_type;
    response.body = std::move(body);
    return response;
}

bool isLoopback(const std::string& address)
{
    Poco::Net::IPAddress parsed;
    return Poco::Net::IPAddress::tryParse(address, parsed) && parsed.isLoopback();
}

bool has(const HttpResponse& response, std::string_view name)
{
    return std::any_of(response.headers.begin(), response.headers.end(), [name](const auto& field) {
        return field.first == name;
    });
}

void addSecurityFields(HttpResponse& response)
{
    const bool is_page = startsWith(response.media_type, "text/html");
    if (!has(response, "Cache-Control")) {
        response.set("Cache-Control", "no-store");
    }
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy",
                 std::string(is_page ? kPagePolicy : "default-src 'none'; frame-ancestors 'none'"));
    // A provider may want to know whose page a payer came from; the path, which may hold a token,
    // stays here.
    response.set("Referrer-Policy", is_page ? "strict-origin" : "no-referrer");
}

/// What plugins serve, as of one reading of them.
struct Served {
    RouteTable api;
    RouteTable pages;
    AssetTable assets;
    std::string openapi;
    std::string asyncapi;
};

std::shared_ptr<const Served> readServed(const Backend& backend, const std::string& public_url)
{
    std::vector<Route> api = backend.routes();
    const auto middle = std::stable_partition(
        api.begin(), api.end(), [](const Route& route) { return !route.page; });
    std::vector<Route> pages(std::make_move_iterator(middle), std::make_move_iterator(api.end()));
    api.erase(middle, api.end());
    RouteTable table(std::move(api));
    std::string openapi = makeOpenApi(table, public_url).dump();
    return std::make_shared<const Served>(Served{std::move(table),
                                                 RouteTable(std::move(pages)),
                                                 AssetTable(backend.assets()),
                                                 std::move(openapi),
                                                 makeAsyncApi(backend.events()).dump()});
}

/// Who waits holds a thread: some must be left for those who don't.
ApiSettings withRoomForOthers(ApiSettings api, const ServerSettings& server)
{
    api.waiters_max = std::min(api.waiters_max, server.threads * 3 / 4);
    return api;
}

} // namespace

class Gateway::Handler final : public HttpHandler {
public:
    Handler(GatewaySettings settings,
            Backend& backend,
            Authenticate authenticate,
            const base::Clock& clock,
            security::Sessions* sessions)
        : settings_(std::move(settings))
        , backend_(backend)
        , api_(withRoomForOthers(settings_.api, settings_.server),
               backend,
               std::move(authenticate),
               SessionDoor({settings_.public_url, settings_.plain_cookie}, sessions),
               clock)
        , clock_(clock)
    {}

    void reloadRoutes()
    {
        auto served = readServed(backend_, settings_.public_url);
        const std::lock_guard lock(mutex_);
        served_ = std::move(served);
    }

    void stop() noexcept { api_.stop(); }

    HttpResponse handle(const HttpRequest& request, Body& body) override
    {
        const std::int64_t begun_ms = clock_.monotonicMs();
        // A provider's trace id means nothing here, and could be guessed to collide.
        const bool foreign = startsWith(request.path, kCallbackPrefix);
        const ProblemContext context{preferredLanguage(request),
                                     traceOf(foreign ? HttpRequest{} : request),
                                     foreign ? "" : request.path};
        ApiRecord record;
        HttpResponse response;
        try {
            response = route(request, body, context, record);
        } catch (...) {
            response = makeFailure(context);
        }
        finish(response, context);
        report(request, response, context, record, begun_ms);
        return response;
    }

    HttpResponse refuse(const Refusal& refusal, const std::string& client_ip) override
    {
        const ProblemContext context{Language::En, traceOf({}), ""};
        HttpResponse response = makeProblem({refusal.code, 0, refusal.detail, {}, {}, {}}, context);
        finish(response, context);
        HttpRequest request;
        request.method = "-";
        request.client_ip = client_ip;
        report(request, response, context, {}, clock_.monotonicMs());
        return response;
    }

private:
    HttpResponse
    route(const HttpRequest& request, Body& body, const ProblemContext& context, ApiRecord& record)
    {
        const auto served = this->served();
        if (startsWith(request.path, std::string(kApiPrefix) + "/")) {
            return api_.handle(served->api, request, body, context, record);
        }
        if (startsWith(request.path, kCallbackPrefix)) {
            record.label = "callback";
            return handleCallback(backend_, request, body, context);
        }
        if (isRead(request) && startsWith(request.path, kAssetPrefix)) {
            record.label = "static";
            return served->assets.answer(request, context);
        }
        if (served->pages.knows(request.path)) {
            return api_.handlePage(served->pages, request, body, context, record);
        }
        return routeOwn(request, context, record);
    }

    /// The addresses of the gateway itself: all of them are reads.
    HttpResponse
    routeOwn(const HttpRequest& request, const ProblemContext& context, ApiRecord& record)
    {
        constexpr std::string_view kProblems = "/problems/";
        const std::string& path = request.path;
        const bool docs = settings_.docs;
        const ProblemText* problem = docs && startsWith(path, kProblems)
                                         ? findProblem(path.substr(kProblems.size()))
                                         : nullptr;
        const bool known = path == "/healthz" || path == "/readyz" || path == "/metrics" ||
                           (docs && (path == kOpenApiPath || path == kAsyncApiPath)) ||
                           problem != nullptr;
        if (!known) {
            return makeProblem({"not_found", 0, "nothing is at this path", {}, {}, {}}, context);
        }
        record.label = problem != nullptr ? "/problems/{code}" : path;
        if (!isRead(request)) {
            HttpResponse response = makeProblem(
                {"method_not_allowed", 0, "this address knows GET, HEAD", {}, {}, {}}, context);
            response.set("Allow", "GET, HEAD");
            return response;
        }
        if (problem != nullptr) {
            return makeProblemPage(*problem, context.language);
        }
        if (path == "/healthz") {
            return makeText("text/plain; charset=utf-8", "ok\n");
        }
        if (path == "/readyz") {
            return makeReadiness();
        }
        if (path == "/metrics") {
            return makeMetrics(request, context);
        }
        return makeText("application/json",
                        path == kAsyncApiPath ? served()->asyncapi : served()->openapi);
    }

    HttpResponse makeReadiness() const
    {
        const Readiness readiness = backend_.readiness();
        HttpResponse response =
            makeText("application/json",
                     base::Json{{"ready", readiness.ready}, {"detail", readiness.detail}}.dump());
        response.status = readiness.ready ? 200 : 503;
        if (!readiness.ready) {
            response.set("Retry-After", "1");
        }
        return response;
    }

    /// Figures about the business are nobody's business: this machine may read them, everybody
    /// else needs a key.
    HttpResponse makeMetrics(const HttpRequest& request, const ProblemContext& context) const
    {
        if (!isLoopback(request.client_ip)) {
            auto key = api_.authorize(request, std::string(kMetricsScope), context);
            if (auto* refusal = std::get_if<HttpResponse>(&key)) {
                return std::move(*refusal);
            }
        }
        return makeText("text/plain; version=0.0.4; charset=utf-8", observe::metricsText());
    }

    /// Inside a catch block: the answer to what was thrown.
    static HttpResponse makeFailure(const ProblemContext& context)
    {
        const std::string text = base::currentExceptionText();
        bool unavailable = false;
        try {
            throw;
        } catch (const base::Failure& failure) {
            unavailable = failure.status() == HUB_UNAVAILABLE;
        } catch (...) {
            unavailable = false;
        }
        kLog.withTrace(context.trace).error("a request failed: {}", text);
        return unavailable
                   ? makeProblem({"unavailable", 0, "the hub can't serve this now", {}, {}, {}},
                                 context)
                   : makeProblem(
                         {"internal", 0, "the hub failed to handle the request", {}, {}, {}},
                         context);
    }

    static void finish(HttpResponse& response, const ProblemContext& context)
    {
        addSecurityFields(response);
        response.set("trace-id", context.trace);
    }

    /// The path only where no route says what it is, and never a query: both may hold personal
    /// data, and the path of a callback holds a token.
    void report(const HttpRequest& request,
                const HttpResponse& response,
                const ProblemContext& context,
                const ApiRecord& record,
                std::int64_t begun_ms) const
    {
        const std::int64_t ms = clock_.monotonicMs() - begun_ms;
        const std::string status = std::to_string(response.status);
        kRequests.add({record.label, status});
        kSeconds.observe(static_cast<double>(ms) / 1000, {record.label});
        const std::string path =
            record.label == "unmatched" ? request.path.substr(0, 200) : record.label;
        kLog.withTrace(context.trace)
            .write(observe::Level::Info,
                   "request",
                   {{"method", request.method},
                    {"path", path},
                    {"status", status},
                    {"ms", std::to_string(ms)},
                    {"bytes", std::to_string(response.body.size())},
                    {"principal", record.principal},
                    {"client", request.client_ip}});
    }

    std::shared_ptr<const Served> served() const
    {
        const std::lock_guard lock(mutex_);
        return served_;
    }

    GatewaySettings settings_;
    Backend& backend_;
    Api api_;
    const base::Clock& clock_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Served> served_;
};

Gateway::Gateway(GatewaySettings settings,
                 Backend& backend,
                 Authenticate authenticate,
                 const base::Clock& clock,
                 security::Sessions* sessions)
    : handler_(
          std::make_unique<Handler>(settings, backend, std::move(authenticate), clock, sessions))
    , server_(settings.server, *handler_, clock)
{}

Gateway::Gateway(GatewaySettings settings,
                 Backend& backend,
                 const security::ApiKeys& keys,
                 security::Sessions& sessions,
                 const base::Clock& clock)
    : Gateway(
          std::move(settings),
          backend,
          [&keys](std::string_view token) { return keys.authenticate(token); },
          clock,
          &sessions)
{}

Gateway::~Gateway()
{
    stop();
}

void Gateway::start()
{
    handler_->reloadRoutes();
    server_.start();
    kLog.info("listening on http port {}, https port {}", server_.port(), server_.httpsPort());
}

void Gateway::reloadRoutes()
{
    handler_->reloadRoutes();
}

void Gateway::stop() noexcept
{
    handler_->stop();
    server_.stop();
}

std::uint16_t Gateway::port() const
{
    return server_.port();
}

std::uint16_t Gateway::httpsPort() const
{
    return server_.httpsPort();
}

} // namespace hub::gateway
