#include "gateway/pages.hpp"

#include "base/encoding.hpp"
#include "gateway/answers.hpp"
#include "gateway/fields.hpp"

#include <utility>

namespace hub::gateway {

namespace {

constexpr const char* kHtml = "text/html; charset=utf-8";

std::string escape(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string textOf(const base::Json& object, const char* name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

/// Of this hub, or another site's over https; never what a browser would run as a script.
bool isAddress(const std::string& location)
{
    const bool clean = location.find_first_of("\\\r\n\t \"<>") == std::string::npos;
    const bool own = location.size() > 1 && location[0] == '/' && location[1] != '/';
    return clean && (own || location.rfind("https://", 0) == 0);
}

HttpResponse makeHtml(int status, std::string html)
{
    HttpResponse response;
    response.status = status;
    response.media_type = kHtml;
    response.body = std::move(html);
    return response;
}

} // namespace

HttpResponse makePage(const Reply& reply, const ProblemContext& context)
{
    // What is not found, too, is a page of the plugin's own when it has one.
    const bool is_page = reply.status == HUB_OK && reply.answer.is_object() &&
                         !reply.answer.contains("problem") &&
                         (reply.answer.contains("body") || reply.answer.contains("location"));
    if (!is_page) {
        return makeRefusalPage(makeAnswer(reply, context), context);
    }
    if (const std::string location = textOf(reply.answer, "location"); isAddress(location)) {
        HttpResponse response;
        response.status = 303;
        response.set("Location", location);
        return response;
    }
    return makeHtml(reply.answer.value("status", 200), textOf(reply.answer, "body"));
}

HttpResponse makeRefusalPage(const HttpResponse& problem, const ProblemContext& context)
{
    const base::Json said = base::Json::parse(problem.body, nullptr, false);
    const base::Json document = said.is_object() ? said : base::Json::object();
    const bool zh = context.language == Language::Zh;
    const std::string title = textOf(document, "title");
    const ProblemText* text = findProblem(textOf(document, "code"));
    std::string remedy = textOf(document, "detail");
    if (problem.status >= 500) {
        remedy = zh ? "请稍后重新打开此页面。" : "Open this page again in a moment.";
    } else if (text != nullptr && text->status == 404) {
        remedy = zh ? "请检查地址是否完整。" : "Check that the address is complete.";
    }
    HttpResponse page =
        makeHtml(problem.status,
                 "<!doctype html>\n<html lang=\"" + std::string(zh ? "zh-CN" : "en") +
                     "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\"><title>" +
                     escape(title) + "</title></head><body><h1>" + escape(title) + "</h1><p>" +
                     escape(remedy) + "</p><p><small>" + escape(context.trace) +
                     "</small></p></body></html>\n");
    page.headers = problem.headers;
    return page;
}

AssetTable::AssetTable(std::vector<Asset> assets)
{
    for (Asset& asset : assets) {
        std::string etag = "\"" + base::sha256Hex(asset.bytes).substr(0, 32) + "\"";
        std::string path = asset.path;
        entries_.insert_or_assign(std::move(path), Entry{std::move(asset), std::move(etag)});
    }
}

HttpResponse AssetTable::answer(const HttpRequest& request, const ProblemContext& context) const
{
    const auto found = entries_.find(request.path);
    if (found == entries_.end()) {
        return makeProblem({"not_found", 0, "nothing is at this path", {}, {}, {}}, context);
    }
    HttpResponse response;
    response.set("ETag", found->second.etag);
    // Asked about at each use: a plugin's next version must be seen at once.
    response.set("Cache-Control", "public, no-cache");
    const std::string* known = request.header("if-none-match");
    if (known != nullptr && matchesEtag(*known, found->second.etag)) {
        response.status = 304;
        return response;
    }
    response.media_type = found->second.asset.media_type;
    response.body = found->second.asset.bytes;
    return response;
}

} // namespace hub::gateway
