#include "gateway/openapi.hpp"

#include "gateway/fields.hpp"
#include "gateway/problems.hpp"
#include "gateway/session_door.hpp"

#include <algorithm>
#include <cctype>

namespace hub::gateway {

namespace {

using base::Json;

Json reference(const std::string& to)
{
    return {{"$ref", "#/components/" + to}};
}

Json header(const std::string& description)
{
    return {{"description", description}, {"schema", {{"type", "string"}}}};
}

Json parameter(const char* in, const std::string& name, const Json& schema, bool required)
{
    return {{"name", name}, {"in", in}, {"required", required}, {"schema", schema}};
}

Json titleIn(const Route& route, const char* language)
{
    const bool there = route.title.is_object() && route.title.contains(language);
    return there ? route.title[language] : Json(route.operation);
}

Json parametersOf(const CompiledRoute& compiled)
{
    const Route& route = compiled.route;
    Json parameters = Json::array();
    for (const std::string& segment : compiled.segments) {
        if (segment.front() == '{') {
            const Json schema = {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}};
            parameters.push_back(
                parameter("path", segment.substr(1, segment.size() - 2), schema, true));
        }
    }
    if (route.query.is_object()) {
        for (const auto& [name, schema] : route.query.items()) {
            parameters.push_back(parameter("query", name, schema, false));
        }
    }
    if (route.idempotent) {
        parameters.push_back(reference("parameters/IdempotencyKey"));
    }
    if (route.mode == Route::Mode::Read) {
        parameters.push_back(reference("parameters/IfNoneMatch"));
    }
    parameters.push_back(reference("parameters/Edition"));
    parameters.push_back(reference("parameters/Prefer"));
    parameters.push_back(reference("parameters/Traceparent"));
    return parameters;
}

Json responsesOf(const Route& route)
{
    Json responses = Json::object();
    if (route.answers.is_object()) {
        for (const auto& [status, schema] : route.answers.items()) {
            Json response = {{"description", titleIn(route, "en")},
                             {"headers", {{"trace-id", reference("headers/TraceId")}}}};
            if (!schema.is_null()) {
                response["content"]["application/json"]["schema"] = schema;
            }
            if (route.download_bytes_max != 0 && status.front() == '2') {
                response["content"] = {{"*/*",
                                        {{"schema",
                                          {{"type", "string"},
                                           {"format", "binary"},
                                           {"maxLength", route.download_bytes_max}}}}}};
            }
            if (status == "201") {
                response["headers"]["Location"] = reference("headers/Location");
            }
            if (route.idempotent) {
                response["headers"]["Idempotency-Replayed"] =
                    reference("headers/IdempotencyReplayed");
            }
            if (route.mode == Route::Mode::Read) {
                response["headers"]["ETag"] = reference("headers/ETag");
            }
            responses[status] = response;
        }
    }
    if (route.mode == Route::Mode::Read) {
        responses["304"] = {{"description", "The object is as If-None-Match says."}};
    }
    for (const char* status : {"400", "401", "403", "404", "503", "default"}) {
        if (!responses.contains(status)) {
            responses[status] = reference("responses/Problem");
        }
    }
    if (route.idempotent && !responses.contains("409")) {
        responses["409"] = reference("responses/Problem");
    }
    return responses;
}

/// One of them is enough; a session must prove that it is used by our own pages.
Json securityOf(const std::string& method, bool is_public)
{
    Json session = {{"session", Json::array()}};
    if (method != "GET") {
        session["csrf"] = Json::array();
    }
    Json security =
        Json::array({{{"bearer", Json::array()}}, {{"api_key", Json::array()}}, session});
    if (is_public) {
        security.push_back(Json::object());
    }
    return security;
}

Json operationOf(const CompiledRoute& compiled)
{
    const Route& route = compiled.route;
    Json operation = {{"operationId", route.operation},
                      {"summary", titleIn(route, "en")},
                      {"x-summary-zh", titleIn(route, "zh")},
                      {"tags", Json::array({route.library})},
                      {"x-scope", route.scope},
                      {"parameters", parametersOf(compiled)},
                      {"responses", responsesOf(route)}};
    operation["security"] = securityOf(route.method, route.scope == kPublicScope);
    if (!route.request.is_null()) {
        operation["requestBody"] = {
            {"required", true}, {"content", {{"application/json", {{"schema", route.request}}}}}};
    }
    if (route.upload) {
        Json content = Json::object();
        for (const std::string& media_type : route.upload->media_types) {
            content[media_type]["schema"] = {
                {"type", "string"}, {"format", "binary"}, {"maxLength", route.upload->bytes_max}};
        }
        operation["requestBody"] = {{"required", true}, {"content", content}};
    }
    if (route.deprecation.since_ms != 0) {
        operation["deprecated"] = true;
    }
    return operation;
}

Json problemSchema()
{
    Json codes = Json::array();
    for (const ProblemText& text : problemCatalogue()) {
        codes.push_back(text.code);
    }
    const Json text = {{"type", "string"}};
    return {{"type", "object"},
            {"description", "RFC 9457. The code is one of the examples or a plugin's own."},
            {"required",
             Json::array({"type", "title", "status", "detail", "code", "instance", "trace_id"})},
            {"properties",
             {{"type", text},
              {"title", text},
              {"status", {{"type", "integer"}}},
              {"detail", text},
              {"code", {{"type", "string"}, {"examples", codes}}},
              {"instance", text},
              {"trace_id", {{"type", "string"}, {"pattern", "^[0-9a-f]{32}$"}}},
              {"pointer", {{"type", "string"}, {"description", "JSON Pointer (RFC 6901)"}}},
              {"parameters", {{"type", "object"}}},
              {"violations",
               {{"type", "array"},
                {"items",
                 {{"type", "object"}, {"properties", {{"pointer", text}, {"message", text}}}}}}}}}};
}

Json sharedParameters()
{
    const Json key_schema = {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}};
    Json idempotency_key = parameter("header", "Idempotency-Key", key_schema, true);
    idempotency_key["description"] =
        "Drawn by the client, one per operation, repeated with each retry. The same key with "
        "another body is refused with 409.";
    Json prefer = parameter("header", "Prefer", {{"type", "string"}}, false);
    prefer["description"] = "wait=N: the answer may wait up to N seconds, at most " +
                            std::to_string(kWaitSecondsMax) + ", for the outcome (RFC 7240).";
    const Json edition_schema = {{"type", "string"}, {"pattern", "^[a-z0-9][a-z0-9-]{0,31}$"}};
    Json edition = parameter("header", "Edition", edition_schema, false);
    edition["description"] =
        "Which edition of the fair it is about; without it the one that is on.";
    return {{"IdempotencyKey", idempotency_key},
            {"Edition", edition},
            {"Prefer", prefer},
            {"IfNoneMatch", parameter("header", "If-None-Match", {{"type", "string"}}, false)},
            {"Traceparent", parameter("header", "traceparent", {{"type", "string"}}, false)}};
}

Json components()
{
    Json problem = {{"description", "The request was refused or failed."},
                    {"headers",
                     {{"trace-id", reference("headers/TraceId")},
                      {"Retry-After", reference("headers/RetryAfter")}}}};
    problem["content"]["application/problem+json"]["schema"] = reference("schemas/Problem");
    return {{"schemas", {{"Problem", problemSchema()}}},
            {"responses", {{"Problem", problem}}},
            {"parameters", sharedParameters()},
            {"headers",
             {{"TraceId", header("The id under which the hub logged the request.")},
              {"RetryAfter", header("Seconds to wait; with 429 and 503.")},
              {"Location", header("The path of what was made.")},
              {"ETag", header("The revision, for If-None-Match.")},
              {"IdempotencyReplayed", header("true: this is the first answer again.")}}},
            {"securitySchemes",
             {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
              {"api_key", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-Api-Key"}}},
              {"session",
               {{"type", "apiKey"},
                {"in", "cookie"},
                {"name", "__Host-expohub"},
                {"description", "Of a person who is logged in; the hub sets it."}}},
              {"csrf",
               {{"type", "apiKey"},
                {"in", "header"},
                {"name", "X-CSRF-Token"},
                {"description",
                 "The csrf_token of GET /session, with each request of a session that "
                 "changes something."}}}}}};
}

/// The hub's own route.
Json sessionPath()
{
    const Json text = {{"type", "string"}};
    const Json schema = {
        {"type", "object"},
        {"required", Json::array({"id", "subject", "scopes", "csrf_token", "expires_at"})},
        {"properties",
         {{"id", text},
          {"subject", text},
          {"scopes", {{"type", "array"}, {"items", text}}},
          {"csrf_token", {{"type", "string"}, {"pattern", "^[0-9a-f]{64}$"}}},
          {"expires_at", {{"type", "string"}, {"format", "date-time"}}}}}};
    const auto operation = [](const char* id, const char* en, const char* zh, const char* method) {
        Json json = {{"operationId", id},
                     {"summary", en},
                     {"x-summary-zh", zh},
                     {"tags", Json::array({"hub"})},
                     {"parameters", Json::array({reference("parameters/Traceparent")})},
                     {"responses", Json::object()}};
        json["security"] = Json::array({securityOf(method, false)[2]});
        for (const char* status : {"400", "401", "403", "503", "default"}) {
            json["responses"][status] = reference("responses/Problem");
        }
        return json;
    };
    Json get = operation("session.get", "Who is logged in", "当前登录者", "GET");
    get["responses"]["200"] = {{"description", "Who is logged in"}};
    get["responses"]["200"]["content"]["application/json"]["schema"] = schema;
    Json end = operation("session.end", "Log out", "退出登录", "DELETE");
    end["responses"]["204"] = {{"description", "The session has ended; the cookie is gone."}};
    return {{"get", get}, {"delete", end}};
}

} // namespace

base::Json makeOpenApi(const RouteTable& routes, const std::string& public_url)
{
    Json document = {{"openapi", "3.1.0"},
                     {"jsonSchemaDialect", "http://json-schema.org/draft-07/schema#"},
                     {"info", {{"title", "ExpoHub"}, {"version", "1"}}},
                     {"servers", Json::array({{{"url", public_url + std::string(kApiPrefix)}}})},
                     {"paths", Json::object()},
                     {"components", components()}};
    document["paths"][std::string(kSessionPath)] = sessionPath();
    for (const auto& compiled : routes.all()) {
        std::string method = compiled->route.method;
        std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        document["paths"][compiled->route.path][method] = operationOf(*compiled);
    }
    return document;
}

} // namespace hub::gateway
