#include "gateway/api.hpp"

#include "base/encoding.hpp"
#include "gateway/answers.hpp"
#include "gateway/fields.hpp"
#include "gateway/pages.hpp"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <utility>

namespace hub::gateway {

namespace {

constexpr std::size_t kViolationsMax = 20;
constexpr std::size_t kIfMatchBytesMax = 128;

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

HttpResponse
makeScopeProblem(const std::string& of, const std::string& scope, const ProblemContext& context)
{
    HttpResponse response = makeProblem(
        {"scope_missing", 0, "the " + of + " lacks the scope " + scope, {}, {{"scope", scope}}, {}},
        context);
    if (of == "key") {
        response.set("WWW-Authenticate",
                     "Bearer realm=\"hub\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
    }
    return response;
}

HttpResponse makeNoSessionProblem(const ProblemContext& context)
{
    HttpResponse response = makeProblem(
        {"session_missing", 0, "there is no session, or it has ended", {}, {}, {}}, context);
    response.set("WWW-Authenticate", "Bearer realm=\"hub\"");
    return response;
}

/// RFC 3339.
std::string toTime(std::int64_t unix_ms)
{
    return Poco::DateTimeFormatter::format(Poco::Timestamp(unix_ms * 1000),
                                           "%Y-%m-%dT%H:%M:%S.%iZ");
}

bool isIdempotencyKey(const std::string& key)
{
    constexpr std::size_t kBytesMax = 255;
    return !key.empty() && key.size() <= kBytesMax &&
           std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// What a page looks like depends on these.
void addBrowser(const HttpRequest& request, const ProblemContext& context, base::Json& payload)
{
    constexpr std::size_t kAgentBytesMax = 512;
    const std::string* agent = request.header("user-agent");
    const std::string said = agent == nullptr ? "" : agent->substr(0, kAgentBytesMax);
    payload["user_agent"] = base::isUtf8(said) ? said : "";
    payload["language"] = context.language == Language::Zh ? "zh" : "en";
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

/// An API key, a session, or nobody.
struct Api::Caller {
    std::string principal = "anonymous";
    std::optional<security::ApiKey> key;
    security::SessionPtr session;
    std::string token; // the session's

    bool allows(std::string_view scope) const
    {
        return scope == kPublicScope || (key && key->allows(scope)) ||
               (session != nullptr && session->holds(scope));
    }
};

/// One request on its way.
struct Api::Work {
    const RouteTable& routes;
    const HttpRequest& http;
    const ProblemContext& context;
    const CompiledRoute& route;
    Caller caller;
    base::Json payload;
    Request request;
};

Api::Api(ApiSettings settings,
         Backend& backend,
         Authenticate authenticate,
         SessionDoor door,
         const base::Clock& clock)
    : settings_(std::move(settings))
    , backend_(backend)
    , authenticate_(std::move(authenticate))
    , door_(std::move(door))
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
    if (!scope.empty() && !key.value().allows(scope)) {
        return makeScopeProblem("key", scope, context);
    }
    return std::move(key).value();
}

std::variant<Api::Caller, HttpResponse>
Api::identify(const HttpRequest& request, Purpose purpose, const ProblemContext& context) const
{
    const auto refuse = [&context](std::string code, std::string detail) {
        return makeProblem({std::move(code), 0, std::move(detail), {}, {}, {}}, context);
    };
    const auto cookie = door_.token(request);
    if (const auto* refusal = std::get_if<Refusal>(&cookie)) {
        return refuse(refusal->code, refusal->detail);
    }
    // Everybody sees the same on a public page: who is logged in is nothing to it.
    const auto token =
        purpose == Purpose::PublicPage ? std::optional<std::string_view>{} : std::get<0>(cookie);
    Caller caller;
    if (!bearerToken(request).empty()) {
        if (token) {
            return refuse("credentials_ambiguous", "the request has an API key and a session");
        }
        auto key = authorize(request, "", context);
        if (auto* refusal = std::get_if<HttpResponse>(&key)) {
            return std::move(*refusal);
        }
        caller.key = std::get<0>(std::move(key));
        caller.principal = "key:" + caller.key->id;
        return caller;
    }
    if (token) {
        caller.token = *token;
        caller.session = door_.find(*token);
    }
    if (caller.session != nullptr) {
        caller.principal = "person:" + caller.session->subject;
    }
    const auto foreign = foreignRefusal(request, caller, purpose);
    return foreign ? std::variant<Caller, HttpResponse>(makeProblem(*foreign, context))
                   : std::variant<Caller, HttpResponse>(std::move(caller));
}

std::optional<Problem>
Api::foreignRefusal(const HttpRequest& request, const Caller& caller, Purpose purpose) const
{
    if (isSafe(request)) {
        return std::nullopt;
    }
    if (caller.session == nullptr) {
        // Nobody shall be logged in by another site's page either.
        return door_.foreignRefusal(request);
    }
    // A form can't send a header: that the browser names our own page has to be enough.
    return purpose == Purpose::Page ? door_.formRefusal(request)
                                    : door_.csrfRefusal(request, caller.token);
}

std::variant<Api::Caller, HttpResponse>
Api::admit(const HttpRequest& request, const Route& route, const ProblemContext& context) const
{
    const std::string& scope = route.scope;
    const Purpose page = scope == kPublicScope ? Purpose::PublicPage : Purpose::Page;
    auto caller = identify(request, route.page ? page : Purpose::Api, context);
    const Caller* who = std::get_if<Caller>(&caller);
    if (who == nullptr || who->allows(scope)) {
        return caller;
    }
    if (who->key || who->session != nullptr) {
        return makeScopeProblem(who->key ? "key" : "session", scope, context);
    }
    if (!who->token.empty()) {
        return makeNoSessionProblem(context);
    }
    return std::get<HttpResponse>(authorize(request, scope, context));
}

/// The cookie of a session that has ended is not taken back: by then the client may have got
/// another one with the answer to a request beside this one.
HttpResponse
Api::handleSession(const HttpRequest& request, const ProblemContext& context, ApiRecord& record)
{
    const bool ends = request.method == "DELETE";
    if (!isSafe(request) && !ends) {
        return makeMethodProblem({"GET", "HEAD", "DELETE"}, context);
    }
    record.label = (ends ? "DELETE " : "GET ") + std::string(kSessionPath);
    auto identified = identify(request, Purpose::Api, context);
    if (auto* refusal = std::get_if<HttpResponse>(&identified)) {
        return std::move(*refusal);
    }
    const Caller& caller = std::get<Caller>(identified);
    record.principal = caller.principal;
    if (caller.session == nullptr) {
        return makeNoSessionProblem(context);
    }
    HttpResponse response;
    if (ends) {
        backend_.endSession(caller.session->id);
        response.status = 204;
        door_.take(request, response);
        return response;
    }
    response.media_type = "application/json";
    response.body = base::Json{{"id", caller.session->id},
                               {"subject", caller.session->subject},
                               {"scopes", caller.session->scopes},
                               {"csrf_token", door_.csrfToken(caller.token)},
                               {"expires_at", toTime(caller.session->expires_ms)}}
                        .dump();
    return response;
}

HttpResponse Api::handle(const RouteTable& routes,
                         const HttpRequest& request,
                         Body& body,
                         const ProblemContext& context,
                         ApiRecord& record)
{
    const std::string_view path = std::string_view(request.path).substr(kApiPrefix.size());
    if (door_.isThere() && path == kSessionPath) {
        return handleSession(request, context, record);
    }
    return serve(routes, path, request, body, context, record);
}

HttpResponse Api::handlePage(const RouteTable& pages,
                             const HttpRequest& request,
                             Body& body,
                             const ProblemContext& context,
                             ApiRecord& record)
{
    HttpResponse response = serve(pages, request.path, request, body, context, record);
    return response.media_type == kProblemType ? makeRefusalPage(response, context)
                                               : std::move(response);
}

HttpResponse Api::serve(const RouteTable& routes,
                        std::string_view path,
                        const HttpRequest& request,
                        Body& body,
                        const ProblemContext& context,
                        ApiRecord& record)
{
    RouteTable::Match match = routes.find(request.method, path);
    if (match.route == nullptr) {
        return match.allowed.empty()
                   ? makeProblem({"not_found", 0, "no route has this path", {}, {}, {}}, context)
                   : makeMethodProblem(match.allowed, context);
    }
    record.label = match.route->label;
    auto caller = admit(request, match.route->route, context);
    if (auto* refusal = std::get_if<HttpResponse>(&caller)) {
        return std::move(*refusal);
    }
    Work work{routes, request, context, *match.route, std::get<0>(std::move(caller)), {}, {}};
    work.payload["path"] = std::move(match.path);
    work.payload["client_ip"] = request.client_ip;
    if (const std::string* revision = request.header("if-match")) {
        work.payload["if_match"] = revision->substr(0, kIfMatchBytesMax);
    }
    if (match.route->route.page) {
        addBrowser(request, context, work.payload);
    }
    work.request.principal = work.caller.principal;
    work.request.session = work.caller.session;
    work.request.keyless = !work.caller.key;
    record.principal = work.request.principal;
    if (auto refusal = readEdition(work)) {
        return std::move(*refusal);
    }
    if (auto refusal = readQuery(work)) {
        return std::move(*refusal);
    }
    if (auto refusal = readContent(work, body)) {
        return std::move(*refusal);
    }
    HttpResponse response = work.route.route.page ? runPage(work) : run(work);
    addDeprecation(match.route->route.deprecation, response);
    return response;
}

/// The one that is on, unless the client names another.
std::optional<HttpResponse> Api::readEdition(Work& work) const
{
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    constexpr std::size_t kLettersMax = 32;
    work.request.edition = settings_.edition;
    const std::string* edition = work.http.header("edition");
    if (edition == nullptr) {
        return std::nullopt;
    }
    if (edition->empty() || edition->size() > kLettersMax || edition->front() == '-' ||
        edition->find_first_not_of(kLetters) != std::string::npos) {
        return makeProblem(
            {"invalid_edition", 0, "Edition must be 1 to 32 of a-z, 0-9 and -", {}, {}, {}},
            work.context);
    }
    work.request.edition = *edition;
    return std::nullopt;
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
        // In another edition the same words are another operation.
        work.request.idempotency_key =
            work.request.edition == settings_.edition ? *key : work.request.edition + " " + *key;
    }
    const bool page = work.route.route.page;
    const std::string* media_type = work.http.header("content-type");
    if (work.route.request &&
        (media_type == nullptr || !(page ? isForm(*media_type) : isJson(*media_type)))) {
        return refuse("media_type_unsupported",
                      page ? "the body must be a form"
                           : "the body must be sent as application/json");
    }
    if (work.route.route.upload) {
        return readUpload(work, body);
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
    auto document = page ? parseForm(raw) : base::parseJson(raw);
    if (!document.ok()) {
        return makeProblem(
            {page ? "invalid_body" : "invalid_json", 0, document.error().message, "", {}, {}},
            work.context);
    }
    const auto violations = work.route.request->check(document.value());
    if (!violations.empty()) {
        return makeViolationProblem("invalid_body", violations, work.context);
    }
    work.payload["body"] = std::move(document).value();
    return std::nullopt;
}

/// The bytes go to the task that the unit asks for; the unit itself hears what they are.
std::optional<HttpResponse> Api::readUpload(Work& work, Body& body) const
{
    const UploadSpec& upload = *work.route.route.upload;
    const auto refuse = [&work](std::string code, std::string detail) {
        return makeProblem({std::move(code), 0, std::move(detail), {}, {}, {}}, work.context);
    };
    const std::string* media_type = work.http.header("content-type");
    const auto& allowed = upload.media_types;
    if (media_type == nullptr ||
        std::find(allowed.begin(), allowed.end(), *media_type) == allowed.end()) {
        return refuse("media_type_unsupported",
                      fmt::format("the body must be sent as {}", fmt::join(allowed, " or ")));
    }
    body.allow(upload.bytes_max);
    auto raw = std::make_shared<std::string>();
    if (const auto refusal = body.read(*raw)) {
        return refuse(refusal->code, refusal->detail);
    }
    if (raw->empty()) {
        return refuse("invalid_body", "the file is empty");
    }
    work.request.body_digest = base::sha256Hex(*raw);
    work.payload["upload"] = {
        {"media_type", *media_type}, {"bytes", raw->size()}, {"blob", work.request.body_digest}};
    work.request.upload = std::move(raw);
    return std::nullopt;
}

Reply Api::ask(Work& work)
{
    const Route& route = work.route.route;
    work.request.route = &route;
    work.request.payload = work.payload.dump();
    work.request.trace = work.context.trace;
    work.request.deadline_ms = clock_.nowMs() + settings_.request_ms;
    return route.mode == Route::Mode::Read ? backend_.read(work.request)
                                           : backend_.write(work.request);
}

/// Who posts a form sees the next page after the call that it made, or a little later by itself.
HttpResponse Api::runPage(Work& work)
{
    constexpr std::int64_t kPatienceMs = 4000;
    const Reply reply = ask(work);
    if (reply.wait && succeeded(reply)) {
        const WaiterSlot slot(waiters_, settings_.waiters_max);
        if (slot.taken()) {
            awaitOutcome(reply.wait->call, clock_.nowMs() + kPatienceMs);
        }
    }
    HttpResponse response = makePage(reply, work.context);
    if (!reply.session_token.empty()) {
        door_.give(work.http, reply.session_token, response);
    } else if (reply.session_ended) {
        door_.take(work.http, response);
    }
    return response;
}

HttpResponse Api::run(Work& work)
{
    const Route& route = work.route.route;
    Reply reply = ask(work);
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
    if (!reply.session_token.empty()) {
        door_.give(work.http, reply.session_token, response);
    } else if (reply.session_ended) {
        door_.take(work.http, response);
    }
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
    if (route == nullptr || !work.caller.allows(route->route.scope)) {
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
