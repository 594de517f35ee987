#include <charconv>
#include <utility>

#include <requests/answers.hpp>

namespace requests {

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
    case 412:
    case 428:
        return HUB_REJECTED;
    case 429:
        return HUB_THROTTLED;
    case 503:
        return HUB_UNAVAILABLE;
    default:
        return HUB_BAD_REQUEST;
    }
}

hub::Answer ok(const Json& payload)
{
    return {HUB_OK, "", payload.dump(), 0};
}

} // namespace

Json toJson(const Words& words)
{
    return {{"en", words.en}, {"zh", words.zh}};
}

hub::Answer answered(int status, Json body)
{
    return ok({{"status", status}, {"body", std::move(body)}});
}

hub::Answer answered(int status, Json body, std::int64_t revision)
{
    return ok({{"status", status},
               {"body", std::move(body)},
               {"etag", '"' + std::to_string(revision) + '"'}});
}

hub::Answer worksOn(Json work)
{
    return ok({{"status", 200}, {"task", std::move(work)}});
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
    if (!refusal.parameters.empty()) {
        problem["parameters"] = refusal.parameters;
    }
    const Json answer = {{"status", refusal.status}, {"problem", std::move(problem)}};
    return {statusFor(refusal.status), refusal.detail.en, answer.dump(), 0};
}

hub::Answer reported(Json data, std::vector<std::string> columns, Json rows)
{
    const Json section = {
        {"title", ""}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
    return ok({{"data", std::move(data)}, {"sections", Json::array({section})}, {"exit", 0}});
}

Request readRequest(std::string_view payload)
{
    const Json document = Json::parse(payload, nullptr, false);
    Request request;
    if (!document.is_object()) {
        return request;
    }
    request.path = document.value("path", Json::object());
    request.query = document.value("query", Json::object());
    request.body = document.value("body", Json::object());
    request.session = document.value("session", Json::object());
    request.client_ip = textOf(document, "client_ip");
    request.if_match = textOf(document, "if_match");
    if (document.contains("upload")) {
        request.upload = document["upload"];
    }
    if (document.contains("task")) {
        request.task = document["task"];
    }
    return request;
}

std::string textOf(const Json& object, std::string_view name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>()
                                                         : std::string{};
}

std::vector<std::string> idsOf(const Json& session, std::string_view kind)
{
    std::vector<std::string> ids;
    for (const Json& scope : session.value("scopes", Json::array())) {
        const auto& text = scope.get_ref<const std::string&>();
        if (text.starts_with(kind) && text.size() > kind.size() + 1 && text[kind.size()] == ':') {
            ids.push_back(text.substr(kind.size() + 1));
        }
    }
    return ids;
}

std::optional<std::int64_t> revisionOf(std::string_view if_match)
{
    if (if_match.size() < 3 || if_match.front() != '"' || if_match.back() != '"') {
        return std::nullopt;
    }
    const char* const end = if_match.data() + if_match.size() - 1;
    std::int64_t revision = 0;
    const auto [stopped, error] = std::from_chars(if_match.data() + 1, end, revision);
    return error == std::errc{} && stopped == end ? std::optional(revision) : std::nullopt;
}

} // namespace requests
