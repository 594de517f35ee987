#include "gateway/answers.hpp"

#include "gateway/fields.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>
#include <fmt/format.h>

#include <algorithm>

namespace hub::gateway {

namespace {

struct Default {
    int status;
    const char* code;
    const char* detail;
};

Default defaultOf(hub_status status)
{
    switch (status) {
    case HUB_BAD_REQUEST:
        return {400, "invalid_body", "the request was refused as not valid"};
    case HUB_UNAUTHENTICATED:
        return {403, "forbidden", "the key may not do this"};
    case HUB_NOT_FOUND:
        return {404, "not_found", "there is no such object"};
    case HUB_REJECTED:
        return {409, "conflict", "the present state does not allow it"};
    case HUB_THROTTLED:
        return {429, "throttled", "too many requests are waiting; nothing was executed"};
    case HUB_UNAVAILABLE:
        return {503, "unavailable", "the hub can't serve this now"};
    default:
        return {500, "internal", "the hub failed to answer"};
    }
}

bool isCode(const std::string& text)
{
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

std::string textOf(const base::Json& object, const char* name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

/// A plugin's words: one text, or one in each language.
std::string wordsOf(const base::Json& object, const char* name, Language language)
{
    const auto member = object.find(name);
    if (member == object.end() || !member->is_object()) {
        return textOf(object, name);
    }
    const std::string words = textOf(*member, language == Language::Zh ? "zh" : "en");
    return words.empty() ? textOf(*member, "en") : words;
}

base::Json violationsOf(base::Json said, Language language)
{
    if (!said.is_array()) {
        return said;
    }
    for (base::Json& violation : said) {
        if (violation.is_object() && violation.contains("message")) {
            violation["message"] = wordsOf(violation, "message", language);
        }
    }
    return said;
}

int statusOf(const base::Json& answer, int otherwise)
{
    const auto member = answer.find("status");
    return member != answer.end() && member->is_number_integer() ? member->get<int>() : otherwise;
}

bool isWithin(int status, int first, int last)
{
    return status >= first && status <= last;
}

HttpResponse makeRefusal(const Reply& reply, const ProblemContext& context)
{
    const Default fallback = defaultOf(reply.status);
    Problem problem;
    problem.code = fallback.code;
    problem.status = fallback.status;
    problem.detail = fallback.detail;
    const bool has_problem = reply.answer.is_object() && reply.answer.contains("problem") &&
                             reply.answer["problem"].is_object();
    if (has_problem) {
        const base::Json& said = reply.answer["problem"];
        const int status = statusOf(reply.answer, fallback.status);
        problem.status = isWithin(status, 400, 599) ? status : fallback.status;
        problem.code = isCode(textOf(said, "code")) ? textOf(said, "code") : problem.code;
        problem.detail =
            said.contains("detail") ? wordsOf(said, "detail", context.language) : problem.detail;
        if (said.contains("pointer")) {
            problem.pointer = textOf(said, "pointer");
        }
        if (said.contains("parameters")) {
            problem.parameters = said["parameters"];
        }
        if (said.contains("violations")) {
            problem.violations = violationsOf(said["violations"], context.language);
        }
        const auto wait = said.find("retry_after_s");
        if (wait != said.end() && wait->is_number_unsigned()) {
            problem.retry_after_s = wait->get<std::uint64_t>();
        }
    }
    return makeProblem(problem, context);
}

/// A path of this hub: a plugin can't send the client elsewhere.
bool isOwnPath(const std::string& location)
{
    return location.size() > 1 && location[0] == '/' && location[1] != '/' &&
           location.find('\\') == std::string::npos;
}

/// A browser keeps it as a file of that name and shows nothing of it.
void putFile(const FileAnswer& file, HttpResponse& response)
{
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    std::string name; // RFC 8187
    for (const char c : file.name) {
        name += kPlain.find(c) == std::string_view::npos
                    ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                    : std::string(1, c);
    }
    response.media_type = file.media_type;
    response.body = *file.bytes;
    response.set("Content-Disposition", "attachment; filename*=UTF-8''" + name);
}

} // namespace

bool succeeded(const Reply& reply)
{
    return (reply.status == HUB_OK || reply.status == HUB_ALREADY_DONE) &&
           reply.answer.is_object() && !reply.answer.contains("problem") &&
           isWithin(statusOf(reply.answer, 200), 200, 299);
}

HttpResponse makeAnswer(const Reply& reply, const ProblemContext& context)
{
    HttpResponse response;
    if (succeeded(reply)) {
        response.status = statusOf(reply.answer, 200);
        if (reply.file && reply.file->bytes) {
            putFile(*reply.file, response);
        } else if (reply.answer.contains("body")) {
            response.media_type = "application/json";
            response.body =
                reply.answer["body"].dump(-1, ' ', false, base::Json::error_handler_t::replace);
        }
        if (const std::string location = textOf(reply.answer, "location"); isOwnPath(location)) {
            response.set("Location", location);
        }
        if (const std::string etag = textOf(reply.answer, "etag"); isEtag(etag)) {
            response.set("ETag", etag);
        }
    } else {
        response = makeRefusal(reply, context);
    }
    if (reply.replayed) {
        response.set("Idempotency-Replayed", "true");
    }
    return response;
}

void addDeprecation(const Deprecation& deprecation, HttpResponse& response)
{
    if (deprecation.since_ms == 0) {
        return;
    }
    response.set("Deprecation", "@" + std::to_string(deprecation.since_ms / 1000));
    if (deprecation.sunset_ms != 0) {
        const auto sunset = Poco::Timestamp::fromEpochTime(deprecation.sunset_ms / 1000);
        response.set("Sunset",
                     Poco::DateTimeFormatter::format(sunset, Poco::DateTimeFormat::HTTP_FORMAT));
    }
    if (!deprecation.link.empty()) {
        response.set("Link", "<" + deprecation.link + ">; rel=\"deprecation\"");
    }
}

} // namespace hub::gateway
