#include "app/cli/protocol.hpp"

#include <utility>

namespace hub::cli {

namespace {

using base::Json;

/// Texts of providers may hold any bytes; a reply must not fail for that.
std::string dump(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Section toSection(const Json& json)
{
    return {json.at("title").get<std::string>(),
            json.at("columns").get<std::vector<std::string>>(),
            json.at("rows").get<std::vector<std::vector<std::string>>>()};
}

} // namespace

AdminReply AdminReply::failure(int exit, std::string error)
{
    AdminReply reply;
    reply.exit = exit;
    reply.error = std::move(error);
    return reply;
}

std::string toLine(const AdminRequest& request)
{
    return dump({{"words", request.words}, {"options", request.options}});
}

std::string toLine(const AdminReply& reply)
{
    Json sections = Json::array();
    for (const Section& section : reply.sections) {
        sections.push_back(
            {{"title", section.title}, {"columns", section.columns}, {"rows", section.rows}});
    }
    return dump({{"exit", reply.exit},
                 {"data", reply.data},
                 {"sections", std::move(sections)},
                 {"error", reply.error}});
}

std::string toLine(const StreamItem& item)
{
    return dump({{"item", item.data}, {"line", item.line}, {"progress", item.progress}});
}

Result<AdminRequest> parseRequest(const std::string& line)
{
    const Result<Json> json = base::parseJson(line);
    if (!json.ok()) {
        return Error{HUB_BAD_REQUEST, "the request is no JSON: " + json.error().message};
    }
    try {
        AdminRequest request;
        request.words = json.value().at("words").get<std::vector<std::string>>();
        request.options = json.value().at("options");
        if (request.words.empty() || !request.options.is_object()) {
            return Error{HUB_BAD_REQUEST, "the request must have words and an object of options"};
        }
        return request;
    } catch (const Json::exception& problem) {
        return Error{HUB_BAD_REQUEST, std::string("the request does not fit: ") + problem.what()};
    }
}

Result<ServerLine> parseServerLine(const std::string& line)
{
    const Result<Json> json = base::parseJson(line);
    if (!json.ok()) {
        return Error{HUB_INTERNAL, "the hub's answer is no JSON: " + json.error().message};
    }
    try {
        ServerLine parsed;
        parsed.is_item = json.value().contains("item");
        if (parsed.is_item) {
            parsed.item = {json.value().at("item"),
                           json.value().at("line").get<std::string>(),
                           json.value().value("progress", false)};
            return parsed;
        }
        parsed.reply.exit = json.value().at("exit").get<int>();
        parsed.reply.data = json.value().at("data");
        parsed.reply.error = json.value().at("error").get<std::string>();
        for (const Json& section : json.value().at("sections")) {
            parsed.reply.sections.push_back(toSection(section));
        }
        return parsed;
    } catch (const Json::exception& problem) {
        return Error{HUB_INTERNAL, std::string("the hub's answer does not fit: ") + problem.what()};
    }
}

} // namespace hub::cli
