#include "api/answers.hpp"

#include <utility>

namespace messaging {

namespace {

hub_status statusFor(int http_status)
{
    switch (http_status) {
    case 404:
        return HUB_NOT_FOUND;
    case 409:
        return HUB_REJECTED;
    case 429:
        return HUB_THROTTLED;
    case 503:
        return HUB_UNAVAILABLE;
    default:
        return HUB_BAD_REQUEST;
    }
}

/// Seconds, rounded up: who comes a moment too early is refused again.
std::int64_t toSeconds(std::int64_t ms)
{
    return (ms + 999) / 1000;
}

} // namespace

hub::Answer ok(const Json& answer)
{
    return {HUB_OK, "", answer.dump(), 0};
}

hub::Answer refuse(const Problem& problem)
{
    Json body = {{"code", problem.code},
                 {"detail", {{"en", problem.words.en}, {"zh", problem.words.zh}}}};
    if (!problem.pointer.empty()) {
        body["pointer"] = problem.pointer;
    }
    if (!problem.parameters.empty()) {
        body["parameters"] = problem.parameters;
    }
    if (problem.retry_after_ms > 0) {
        body["retry_after_s"] = toSeconds(problem.retry_after_ms);
    }
    const Json answer = {{"status", problem.status}, {"problem", std::move(body)}};
    return {statusFor(problem.status), problem.words.en, answer.dump(), 0};
}

hub::Answer refuseAndKeep(const Problem& problem)
{
    hub::Answer answer = refuse(problem);
    answer.status = HUB_OK;
    return answer;
}

RequestParts readRequest(std::string_view payload)
{
    const Json document = Json::parse(payload, nullptr, false);
    RequestParts parts{Json::object(), Json::object(), Json::object(), "", ""};
    if (document.is_object()) {
        parts.path = document.value("path", Json::object());
        parts.query = document.value("query", Json::object());
        parts.body = document.value("body", Json::object());
        parts.client_ip = textOf(document, "client_ip");
        parts.if_match = textOf(document, "if_match");
    }
    return parts;
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

} // namespace messaging
