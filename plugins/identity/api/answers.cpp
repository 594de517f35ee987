#include "api/answers.hpp"

#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

namespace identity {

namespace {

hub_status statusFor(int http_status)
{
    switch (http_status) {
    case 401:
    case 403:
        return HUB_UNAUTHENTICATED;
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

Json toJson(const Words& words)
{
    return {{"en", words.en}, {"zh", words.zh}};
}

} // namespace

hub::Answer answered(int status, Json body)
{
    return {HUB_OK, "", Json{{"status", status}, {"body", std::move(body)}}.dump(), 0};
}

hub::Answer worksOn(Json work)
{
    return {HUB_OK, "", Json{{"status", 200}, {"task", std::move(work)}}.dump(), 0};
}

hub::Answer refuse(const Refusal& refusal)
{
    Json problem = {{"code", refusal.code}, {"detail", toJson(refusal.detail)}};
    for (const Violation& violation : refusal.violations) {
        problem["violations"].push_back(
            {{"pointer", violation.pointer}, {"message", toJson(violation.message)}});
    }
    if (refusal.violations.size() == 1) {
        problem["pointer"] = refusal.violations.front().pointer;
    }
    if (refusal.retry_after_s) {
        problem["retry_after_s"] = *refusal.retry_after_s;
    }
    const Json answer = {{"status", refusal.status}, {"problem", std::move(problem)}};
    return {statusFor(refusal.status), refusal.detail.en, answer.dump(), 0};
}

hub::Answer refuseAndKeep(const Refusal& refusal)
{
    hub::Answer answer = refuse(refusal);
    answer.status = HUB_OK;
    return answer;
}

Request readRequest(std::string_view payload)
{
    const Json document = Json::parse(payload, nullptr, false);
    Request request{Json::object(), Json::object(), Json::object(), Json::object(), "", {}};
    if (document.is_object()) {
        request.path = document.value("path", Json::object());
        request.query = document.value("query", Json::object());
        request.body = document.value("body", Json::object());
        request.session = document.value("session", Json::object());
        request.client_ip = textOf(document, "client_ip");
        if (document.contains("task")) {
            request.task = document["task"];
        }
    }
    return request;
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string toRfc3339(std::int64_t unix_ms)
{
    constexpr Poco::Timestamp::TimeDiff kMicroseconds = 1000;
    return Poco::DateTimeFormatter::format(Poco::Timestamp(unix_ms * kMicroseconds),
                                           "%Y-%m-%dT%H:%M:%S.%iZ");
}

} // namespace identity
