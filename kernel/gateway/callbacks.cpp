#include "gateway/callbacks.hpp"

#include "gateway/fields.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

#include <algorithm>

namespace hub::gateway {

namespace {

const observe::Log kLog{"gateway"};
const observe::Counter kRefused{"hub_callbacks_refused_total",
                                "Callbacks refused before they came to a connector.",
                                {"reason"}};

bool isName(const std::string& text)
{
    constexpr std::size_t kBytesMax = 128;
    return !text.empty() && text.size() <= kBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
           });
}

/// False unless the path is /callback/<connector>/<account>/<token>.
bool parsePath(Callback& callback)
{
    const auto segments = splitPath(callback.path);
    if (!segments || segments->size() != 4 ||
        !std::all_of(segments->begin(), segments->end(), isName)) {
        return false;
    }
    callback.connector = (*segments)[1];
    callback.account = (*segments)[2];
    callback.token = (*segments)[3];
    return true;
}

HttpResponse refuse(Backend& backend,
                    const Callback& callback,
                    const Refusal& refusal,
                    const ProblemContext& context)
{
    kRefused.add({refusal.code});
    backend.callbackRefused(callback, refusal.code + ": " + refusal.detail);
    return makeProblem({refusal.code, 0, refusal.detail, {}, {}, {}}, context);
}

} // namespace

HttpResponse handleCallback(Backend& backend,
                            const HttpRequest& request,
                            Body& body,
                            const ProblemContext& context)
{
    Callback callback;
    callback.method = request.method;
    callback.path = request.path;
    callback.query = request.query;
    callback.headers = request.headers;
    callback.client_ip = request.client_ip;
    callback.trace = context.trace;
    if (!parsePath(callback)) {
        return refuse(
            backend, callback, {"not_found", "no callback address has this path"}, context);
    }
    if (request.method != "POST" && request.method != "GET") {
        HttpResponse response = refuse(
            backend, callback, {"method_not_allowed", "this address knows GET, POST"}, context);
        response.set("Allow", "GET, POST");
        return response;
    }
    if (const auto refusal = body.read(callback.body)) {
        return refuse(backend, callback, *refusal, context);
    }
    const CallbackReply reply = backend.callback(callback);
    HttpResponse response;
    response.status = reply.http_status;
    response.media_type = reply.media_type;
    response.body = reply.body;
    const bool redirect = reply.http_status >= 300 && reply.http_status < 400;
    if (redirect || reply.http_status < 200 || reply.http_status > 599) {
        kLog.withTrace(context.trace)
            .withLibrary(callback.connector)
            .error("the connector answers a callback with HTTP status {}, must be 2xx, 4xx or 5xx; "
                   "503 is sent instead",
                   reply.http_status);
        response.status = 503;
    }
    return response;
}

} // namespace hub::gateway
