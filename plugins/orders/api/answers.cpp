#include "api/answers.hpp"

namespace orders {

hub::Answer created(Json body, const std::string& location)
{
    const Json answer = {{"status", 201}, {"body", std::move(body)}, {"location", location}};
    return {HUB_OK, "", answer.dump(), 0};
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
    const auto ids = requests::idsOf(request.session, "organization");
    return ids.size() == 1 ? std::optional(ids.front()) : std::nullopt;
}

Refusal noOrganization()
{
    return {403,
            "organization_missing",
            {"Only who is logged in for one organization has orders here. Log in as its contact.",
             "仅以单位联络员身份登录后可办理订单，请以单位账号登录。"}};
}

} // namespace orders
