// Api: what happens to a request for a plugin's route, under /api/v1 or as a page, between its head
// and its answer: authentication, scope, media type, idempotency key, strict JSON, schemas, the
// backend, Prefer: wait, ETags.
#pragma once

#include "base/clock.hpp"
#include "gateway/backend.hpp"
#include "gateway/problems.hpp"
#include "gateway/reader.hpp"
#include "gateway/routes.hpp"
#include "gateway/session_door.hpp"
#include "security/api_keys.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace hub::gateway {

/// The token's key; HUB_UNAUTHENTICATED for any other. Thread-safe.
using Authenticate = std::function<Result<security::ApiKey>(std::string_view token)>;

struct ApiSettings {
    std::string edition;             // of requests that name none: the fair that is on
    std::int64_t request_ms = 30000; // for the backend
    int waiters_max = 32; // beyond it, Prefer: wait is answered at once; 3/4 of the threads at most
};

/// What a request was, for the access log.
struct ApiRecord {
    std::string label = "unmatched";
    std::string principal;
};

/// Thread-safe.
class Api {
public:
    Api(ApiSettings settings,
        Backend& backend,
        Authenticate authenticate,
        SessionDoor door,
        const base::Clock& clock);

    HttpResponse handle(const RouteTable& routes,
                        const HttpRequest& request,
                        Body& body,
                        const ProblemContext& context,
                        ApiRecord& record);
    /// Of a page that the table knows; refusals are pages, too.
    HttpResponse handlePage(const RouteTable& pages,
                            const HttpRequest& request,
                            Body& body,
                            const ProblemContext& context,
                            ApiRecord& record);

    /// Those who wait are answered now.
    void stop() noexcept { stopping_ = true; }

    /// A key that holds the scope (an empty one: any key), or the refusal.
    std::variant<security::ApiKey, HttpResponse> authorize(const HttpRequest& request,
                                                           const std::string& scope,
                                                           const ProblemContext& context) const;

private:
    struct Caller;
    struct Work;

    /// Who asks; with nothing to say about what may be asked.
    /// What a request is for decides how a session proves that our own pages sent it.
    enum class Purpose { Api, Page, PublicPage };

    std::variant<Caller, HttpResponse>
    identify(const HttpRequest& request, Purpose purpose, const ProblemContext& context) const;
    std::optional<Problem>
    foreignRefusal(const HttpRequest& request, const Caller& caller, Purpose purpose) const;
    std::variant<Caller, HttpResponse>
    admit(const HttpRequest& request, const Route& route, const ProblemContext& context) const;
    /// GET and DELETE of the session itself.
    HttpResponse
    handleSession(const HttpRequest& request, const ProblemContext& context, ApiRecord& record);
    HttpResponse serve(const RouteTable& routes,
                       std::string_view path,
                       const HttpRequest& request,
                       Body& body,
                       const ProblemContext& context,
                       ApiRecord& record);
    std::optional<HttpResponse> readContent(Work& work, Body& body) const;
    std::optional<HttpResponse> readUpload(Work& work, Body& body) const;
    std::optional<HttpResponse> readEdition(Work& work) const;
    std::optional<HttpResponse> readQuery(Work& work) const;
    Reply ask(Work& work);
    HttpResponse run(Work& work);
    HttpResponse runPage(Work& work);
    std::optional<Reply> waitAndRead(const Work& work, const Wait& wait, int seconds);
    void awaitOutcome(hub_call_id call, std::int64_t deadline_ms);

    ApiSettings settings_;
    Backend& backend_;
    Authenticate authenticate_;
    SessionDoor door_;
    const base::Clock& clock_;
    std::atomic<int> waiters_{0};
    std::atomic<bool> stopping_{false};
};

} // namespace hub::gateway
