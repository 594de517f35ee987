#include "api/answers.hpp"

namespace payments {

namespace {

hub_status statusFor(int http_status)
{
    switch (http_status) {
    case 404:
        return HUB_NOT_FOUND;
    case 409:
        return HUB_REJECTED;
    case 503:
        return HUB_UNAVAILABLE;
    default:
        return HUB_BAD_REQUEST;
    }
}

} // namespace

hub::Answer ok(Json answer)
{
    return {HUB_OK, "", answer.dump(), 0};
}

hub::Answer refuse(const Problem& problem)
{
    Json body = {{"code", problem.code}, {"detail", problem.detail}};
    if (!problem.pointer.empty()) {
        body["pointer"] = problem.pointer;
    }
    if (!problem.parameters.empty()) {
        body["parameters"] = problem.parameters;
    }
    const Json answer = {{"status", problem.status}, {"problem", std::move(body)}};
    return {statusFor(problem.status), problem.detail, answer.dump(), 0};
}

RequestParts readRequest(std::string_view payload)
{
    const Json document = Json::parse(payload, nullptr, false);
    RequestParts parts{Json::object(), Json::object(), Json::object()};
    if (document.is_object()) {
        parts.path = document.value("path", Json::object());
        parts.query = document.value("query", Json::object());
        parts.body = document.value("body", Json::object());
    }
    return parts;
}

} // namespace payments
