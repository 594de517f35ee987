#include "gateway/api.hpp"

#include "base/encoding.hpp"
#include "gateway/answers.hpp"
#include "gateway/fields.hpp"

#include <algorithm>
#include <utility>

namespace hub::gateway {

namespace {

constexpr std::size_t kViolationsMax = 20;

HttpResponse makeMethodProblem(const std::vector<std::string>& allowed,
                               const ProblemContext& context)
{
    std::string list;
    for (const std::string& method : allowed) {
        list += (list.empty() ? "" : ", ") + method;
    }
    HttpResponse response =
        makeProblem({"method_not_allowed", 0, "this address knows " + list, {}, {}, {}}, context);
    response.set("Allow", list);
    return response;
}

HttpResponse makeViolationProblem(const std::string& code,
                                  const std::vector<config::Violation>& violations,
                                  const ProblemContext& context)
{
    Problem problem;
    problem.code = code;
    problem.detail = violations.front().pointer + " " + violations.front().message;
    problem.pointer = violations.front().pointer;
    problem.violations = base::Json::array();
    for (std::size_t i = 0; i < std::min(violations.size(), kViolationsMax); ++i) {
        problem.violations.push_back(
            {{"pointer", violations[i].pointer}, {"message", violations[i].message}});
    }
    return makeProblem(problem, context);
}

bool isIdempotencyKey(const std::string& key)
{
    constexpr std::size_t kBytesMax = 255;
    return !key.empty() && key.size() <= kBytesMax &&
           std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Counts one waiter as long as it lives, when there is room for it.
class WaiterSlot {
public:
    WaiterSlot(std::atomic<int>& waiters, int waiters_max)
        : waiters_(waiters)
    {
        taken_ = waiters_.fetch_add(1) < waiters_max;
    }
    ~WaiterSlot() { waiters_.fetch_sub(1); }
    WaiterSlot(const WaiterSlot&) = delete;
    WaiterSlot& operator=(const WaiterSlot&) = delete;

    bool taken() const noexcept { return taken_; }

private:
    std::atomic<int>& waiters_;
    bool taken_ = false;
};

} // namespace

/// One request on its way.
struct Api::Work {
    const RouteTable& routes;
    const HttpRequest& http;
    const ProblemContext& context;
    const CompiledRoute& route;
    security::ApiKey key;
    base::Json payload;
    Request request;
};

Api::Api(ApiSettings settings,
         Backend& backend,
         Authenticate authenticate,
         const base::Clock& clock)
    : settings_(std::move(settings))
    , backend_(backend)
    , authenticate_(std::move(authenticate))
    , clock_(clock)
{}

std::variant<security::ApiKey, HttpResponse> Api::authorize(const HttpRequest& request,
                                                            const std::string& scope,
                                                            const ProblemContext& context) const
{
    const std::string token = bearerToken(request);
    auto key = token.empty()
                   ? Result<security::ApiKey>(Error{HUB_UNAUTHENTICATED, "no API key was sent"})
                   : authenticate_(token);
    if (!key.ok()) {
        HttpResponse response =
            makeProblem({"unauthenticated", 0, key.error().message, {}, {}, {}}, context);
        response.set("WWW-Authenticate",
                     token.empty() ? "Bearer realm=\"hub\""
                                   : "Bearer realm=\"hub\", error=\"invalid_token\"");
        return response;
    }
    if (!key.value().allows(scope)) {
        HttpResponse response = makeProblem(
            {"scope_missing", 0, "the key lacks the scope " + scope, {}, {{"scope", scope}}, {}},
            context);
        response.set("WWW-Authenticate",
                     "Bearer realm=\"hub\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
        return response;
    }
    return std::move(key).value();
}

HttpResponse Api::handle(const RouteTable& routes,
                         const HttpRequest& request,
                         Body& body,
                         const ProblemContext& context,
                         ApiRecord& record)
{
    const std::string_view path = std::string_view(request.path).substr(kApiPrefix.size());
    RouteTable::Match match = routes.find(request.method, path);
    if (match.route == nullptr) {
        return match.allowed.empty()
                   ? makeProblem({"not_found", 0, "no route has this path", {}, {}, {}}, context)
                   : makeMethodProblem(match.allowed, context);
    }
    record.label = match.route->label;
    auto key = authorize(request, match.route->route.scope, context);
    if (auto* refusal = std::get_if<HttpResponse>(&key)) {
        return std::move(*refusal);
    }
    Work work{routes, request, context, *match.route, std::get<0>(std::move(key)), {}, {}};
    work.payload["path"] = std::move(match.path);
    work.payload["client_ip"] = request.client_ip;
    work.request.principal = "key:" + work.key.id;
    record.principal = work.request.principal;
    if (auto refusal = readQuery(work)) {
        return std::move(*refusal);
    }
    if (auto refusal = readContent(work, body)) {
        return std::move(*refusal);
    }
    HttpResponse response = run(work);
    addDeprecation(match.route->route.deprecation, response);
    return response;
}

std::optional<HttpResponse> Api::readQuery(Work& work) const
{
    auto query = parseQuery(work.http.query);
    if (!query.ok()) {
        return makeProblem({"invalid_query", 0, query.error().message, "", {}, {}}, work.context);
    }
    const auto violations = work.route.query.check(query.value());
    if (!violations.empty()) {
        return makeViolationProblem("invalid_query", violations, work.context);
    }
    work.payload["query"] = std::move(query).value();
    return std::nullopt;
}

std::optional<HttpResponse> Api::readContent(Work& work, Body& body) const
{
    const auto refuse = [&work](std::string code, std::string detail) {
        return makeProblem({std::move(code), 0, std::move(detail), {}, {}, {}}, work.context);
    };
    if (work.route.route.idempotent) {
        const std::string* key = work.http.header("idempotency-key");
        if (key == nullptr || !isIdempotencyKey(*key)) {
            return refuse("idempotency_key_required",
                          "this route needs the header Idempotency-Key with 1 to 255 printable "
                          "characters");
        }
        work.request.idempotency_key = *key;
    }
    const std::string* media_type = work.http.header("content-type");
    if (work.route.request && (media_type == nullptr || !isJson(*media_type))) {
        return refuse("media_type_unsupported", "the body must be sent as application/json");
    }
    std::string raw;
    if (const auto refusal = body.read(raw)) {
        return refuse(refusal->code, refusal->detail);
    }
    work.request.body_digest = base::sha256Hex(raw);
    if (!work.route.request) {
        if (raw.empty()) {
            return std::nullopt;
        }
        return refuse("invalid_body", "this route takes no body");
    }
    auto document = base::parseJson(raw);
    if (!document.ok()) {
        return makeProblem({"invalid_json", 0, document.error().message, "", {}, {}}, work.context);
    }
    const auto violations = work.route.request->check(document.value());
    if (!violations.empty()) {
        return makeViolationProblem("invalid_body", violations, work.context);
    }
    work.payload["body"] = std::move(document).value();
    return std::nullopt;
}

HttpResponse Api::run(Work& work)
{
    const Route& route = work.route.route;
    work.request.route = &route;
    work.request.payload = work.payload.dump();
    work.request.trace = work.context.trace;
    work.request.edition = settings_.edition;
    work.request.deadline_ms = clock_.nowMs() + settings_.request_ms;
    Reply reply = route.mode == Route::Mode::Read ? backend_.read(work.request)
                                                  : backend_.write(work.request);
    std::optional<int> waited;
    if (const auto seconds = preferredWait(work.http); seconds && reply.wait && succeeded(reply)) {
        if (auto later = waitAndRead(work, *reply.wait, *seconds)) {
            waited = seconds;
            // Status and Location stay those of the request; what changed is what it made.
            for (const char* member : {"body", "etag"}) {
                reply.answer.erase(member);
                if (later->answer.contains(member)) {
                    reply.answer[member] = later->answer[member];
                }
            }
        }
    }
    HttpResponse response = makeAnswer(reply, work.context);
    if (waited) {
        response.set("Preference-Applied", "wait=" + std::to_string(*waited));
    }
    const std::string* if_none_match = work.http.header("if-none-match");
    if (route.mode == Route::Mode::Read && if_none_match != nullptr && response.status == 200) {
        const auto etag = std::find_if(response.headers.begin(),
                                       response.headers.end(),
                                       [](const auto& field) { return field.first == "ETag"; });
        if (etag != response.headers.end() && matchesEtag(*if_none_match, etag->second)) {
            response.status = 304;
            response.media_type.clear();
            response.body.clear();
        }
    }
    return response;
}

std::optional<Reply> Api::waitAndRead(const Work& work, const Wait& wait, int seconds)
{
    const CompiledRoute* route = work.routes.findRead(work.route.route.library, wait.operation);
    if (route == nullptr || !work.key.allows(route->route.scope)) {
        return std::nullopt;
    }
    const WaiterSlot slot(waiters_, settings_.waiters_max);
    if (!slot.taken()) {
        return std::nullopt;
    }
    // With or without an outcome: the read shows what is known now.
    awaitOutcome(wait.call, clock_.nowMs() + std::int64_t{1000} * seconds);
    Request request = work.request;
    request.route = &route->route;
    request.payload = base::Json{{"path", wait.path},
                                 {"query", base::Json::object()},
                                 {"client_ip", work.http.client_ip}}
                          .dump();
    request.body_digest = base::sha256Hex("");
    request.idempotency_key.clear();
    request.deadline_ms = clock_.nowMs() + settings_.request_ms;
    Reply reply = backend_.read(request);
    if (!succeeded(reply)) {
        return std::nullopt;
    }
    return reply;
}

void Api::awaitOutcome(hub_call_id call, std::int64_t deadline_ms)
{
    // In slices, so that a stop does not have to wait for the longest of them.
    constexpr std::int64_t kSliceMs = 250;
    while (!stopping_) {
        const std::int64_t until = std::min(deadline_ms, clock_.nowMs() + kSliceMs);
        if (backend_.awaitOutcome(call, until) || until == deadline_ms) {
            return;
        }
    }
}

} // namespace hub::gateway
