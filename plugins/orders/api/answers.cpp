#include "api/answers.hpp"

#include <utility>

namespace orders {

namespace {

constexpr std::string_view kOrganizationScope = "organization:";

hub_status statusFor(int http_status)
{
    switch (http_status) {
    case 403:
        return HUB_UNAUTHENTICATED;
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

Json toJson(const Words& words)
{
    return {{"en", words.en}, {"zh", words.zh}};
}

} // namespace

hub::Answer answered(int status, Json body)
{
    return {HUB_OK, "", Json{{"status", status}, {"body", std::move(body)}}.dump(), 0};
}

hub::Answer created(Json body, const std::string& location)
{
    const Json answer = {{"status", 201}, {"body", std::move(body)}, {"location", location}};
    return {HUB_OK, "", answer.dump(), 0};
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
    if (!refusal.parameters.empty()) {
        problem["parameters"] = refusal.parameters;
    }
    if (refusal.retry_after_s) {
        problem["retry_after_s"] = *refusal.retry_after_s;
    }
    const Json answer = {{"status", refusal.status}, {"problem", std::move(problem)}};
    return {statusFor(refusal.status), refusal.detail.en, answer.dump(), 0};
}

hub::Answer shown(Json data, Json sections)
{
    const Json answer = {{"data", std::move(data)}, {"sections", std::move(sections)}, {"exit", 0}};
    return {HUB_OK, "", answer.dump(), 0};
}

Json section(const char* title, Json columns, Json rows)
{
    return {{"title", title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

Request readRequest(std::string_view payload)
{
    const Json document = Json::parse(payload, nullptr, false);
    return {partOf(document, "path"),
            partOf(document, "query"),
            partOf(document, "body"),
            partOf(document, "session")};
}

std::string argumentOf(std::string_view payload, std::size_t index)
{
    const Json document = Json::parse(payload, nullptr, false);
    const Json& arguments = itemsOf(document, "arguments");
    return index < arguments.size() && arguments[index].is_string()
               ? arguments[index].get<std::string>()
               : "";
}

std::optional<std::string> organizationOf(const Request& request)
{
    std::optional<std::string> found;
    for (const Json& item : itemsOf(request.session, "scopes")) {
        const std::string scope = item.is_string() ? item.get<std::string>() : "";
        if (!scope.starts_with(kOrganizationScope) || scope.size() == kOrganizationScope.size()) {
            continue;
        }
        if (found) {
            return std::nullopt;
        }
        found = scope.substr(kOrganizationScope.size());
    }
    return found;
}

Refusal noOrganization()
{
    return {403,
            "organization_missing",
            {"Only who is logged in for one organization has orders here. Log in as its contact.",
             "仅以单位联络员身份登录后可办理订单，请以单位账号登录。"}};
}

} // namespace orders
