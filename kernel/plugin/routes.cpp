#include "plugin/routes.hpp"

#include "base/exception.hpp"
#include "config/library_file.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace hub::plugin {

namespace {

using base::Json;
using Mode = RouteSpec::Mode;

constexpr const char* kHubsOwn = "/session";
/// First segments of the hub's own addresses under the root.
constexpr std::array<std::string_view, 7> kHubsOwnRoots = {
    "api", "callback", "healthz", "metrics", "problems", "readyz", "static"};

constexpr const char* kForm = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["routes"],
  "properties": {
    "routes": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["operation", "method", "path", "mode", "scope", "title", "answers"],
        "properties": {
          "operation": { "type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$" },
          "method": { "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"] },
          "path": { "type": "string", "pattern": "^(/([a-z0-9][a-z0-9_-]*|\\{[a-z][a-z0-9_]*\\}))+$" },
          "mode": { "enum": ["unit", "read", "task"] },
          "scope": { "type": "string", "pattern": "^(public|[a-z][a-z0-9_]*:[a-z][a-z0-9_]*)$" },
          "page": { "type": "boolean" },
          "idempotent": { "type": "boolean" },
          "title": {
            "type": "object",
            "additionalProperties": false,
            "required": ["en", "zh"],
            "properties": { "en": { "type": "string" }, "zh": { "type": "string" } }
          },
          "query": {
            "type": "object",
            "propertyNames": { "pattern": "^[a-z][a-z0-9_]{0,62}$" },
            "additionalProperties": { "type": "object" }
          },
          "request": { "type": ["object", "null"] },
          "upload": {
            "type": "object",
            "additionalProperties": false,
            "required": ["bytes_max", "media_types"],
            "properties": {
              "bytes_max": { "type": "integer", "minimum": 1, "maximum": 67108864 },
              "media_types": {
                "type": "array",
                "minItems": 1,
                "items": { "type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$" }
              }
            }
          },
          "download": {
            "type": "object",
            "additionalProperties": false,
            "required": ["bytes_max"],
            "properties": { "bytes_max": { "type": "integer", "minimum": 1, "maximum": 67108864 } }
          },
          "answers": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[2-5][0-9]{2}$" },
            "additionalProperties": { "type": "object" }
          }
        }
      }
    }
  }
})json";

const config::Schema& form()
{
    static const config::Schema kSchema(Json::parse(kForm), "the form of routes");
    return kSchema;
}

Mode toMode(const Json& text)
{
    if (text == "unit") {
        return Mode::Unit;
    }
    return text == "read" ? Mode::Read : Mode::Task;
}

RouteSpec take(const Json& json, const std::string& library)
{
    RouteSpec route;
    route.library = library;
    route.operation = json.at("operation");
    route.method = json.at("method");
    route.path = json.at("path");
    route.mode = toMode(json.at("mode"));
    route.scope = json.at("scope");
    route.page = json.value("page", false);
    route.idempotent = json.value("idempotent", false);
    route.title = json.at("title");
    route.query = json.value("query", Json::object());
    route.request = json.value("request", Json());
    if (json.contains("upload")) {
        const Json& upload = json["upload"];
        route.upload = {upload.at("bytes_max"), upload.at("media_types")};
    }
    if (json.contains("download")) {
        route.download_bytes_max = json["download"].at("bytes_max");
    }
    route.answers = json.at("answers");
    return route;
}

class Rules {
public:
    Rules(std::string name, std::vector<std::string>& problems)
        : name_(std::move(name))
        , problems_(problems)
    {}

    void check(const std::vector<RouteSpec>& routes)
    {
        std::set<std::string> operations;
        std::set<std::string> shapes;
        for (std::size_t index = 0; index < routes.size(); ++index) {
            place_ = fmt::format("/routes/{}", index);
            const RouteSpec& route = routes[index];
            if (!operations.insert(route.operation).second) {
                refuse(
                    "operation",
                    fmt::format("is \"{}\" as before, must be unique; rename it", route.operation));
            }
            if (!shapes.insert(route.shape()).second) {
                refuse("path",
                       fmt::format("is \"{}\", which an earlier route answers for {}, must be "
                                   "unique; change one",
                                   route.path,
                                   route.method));
            }
            if (route.page) {
                checkPage(route);
            } else if (route.path == kHubsOwn) {
                refuse("path",
                       fmt::format("is \"{}\", must not be the hub's own address of the session; "
                                   "change it",
                                   route.path));
            }
            checkMethod(route);
            checkParameters(route);
            checkSchemas(route);
        }
    }

private:
    void refuse(const std::string& member, const std::string& text)
    {
        problems_.push_back(fmt::format("{}: \"{}/{}\" {}", name_, place_, member, text));
    }

    void checkMethod(const RouteSpec& route)
    {
        const bool get = route.method == "GET";
        // A link preview must never change anything.
        if (get && route.mode == Mode::Unit) {
            refuse("mode", "is \"unit\", must be \"read\" or \"task\" for GET; correct it");
        }
        if (get && !route.request.is_null()) {
            refuse("request", "is there, must be absent for GET; use query parameters");
        }
        // Only a task can read the file, and only a unit can ask for one.
        if (route.upload && (route.mode != Mode::Unit || route.page || !route.request.is_null())) {
            refuse("upload",
                   "is there, must be absent unless the mode is \"unit\", and for a page or beside "
                   "\"request\"; correct it");
        }
        // A stored answer is JSON, and only a task writes files.
        if (route.download_bytes_max != 0 &&
            (route.mode == Mode::Task || route.page || route.idempotent)) {
            refuse("download",
                   "is there, must be absent for a page, mode \"task\" and beside \"idempotent\"; "
                   "correct it");
        }
        if (route.idempotent && route.mode != Mode::Unit) {
            refuse("idempotent", "is true, must be false unless the mode is \"unit\"; correct it");
        }
    }

    void checkPage(const RouteSpec& route)
    {
        const std::string first = route.path.substr(1, route.path.find('/', 1) - 1);
        const bool is_own =
            std::find(kHubsOwnRoots.begin(), kHubsOwnRoots.end(), first) != kHubsOwnRoots.end();
        if (is_own || first.front() == '{') {
            refuse("path",
                   fmt::format("is \"{}\", must begin with a word that is not one of the hub's "
                               "own addresses; change it",
                               route.path));
        }
        // A browser's form brings no Idempotency-Key, and has no other methods.
        if (route.idempotent || (route.method != "GET" && route.method != "POST")) {
            refuse("page",
                   "is true, must be false for this method or with \"idempotent\"; correct it");
        }
    }

    void checkParameters(const RouteSpec& route)
    {
        static const std::regex kParameter("\\{([a-z0-9_]+)\\}");
        std::set<std::string> names;
        for (std::sregex_iterator match(route.path.begin(), route.path.end(), kParameter), end;
             match != end;
             ++match) {
            if (!names.insert((*match)[1].str()).second) {
                refuse("path",
                       fmt::format("is \"{}\", must name each parameter once; rename one",
                                   route.path));
            }
        }
    }

    void checkSchemas(const RouteSpec& route)
    {
        if (!route.request.is_null()) {
            checkSchema("request", route.request);
        }
        for (const auto& [parameter, schema] : route.query.items()) {
            checkSchema("query/" + parameter, schema);
        }
        for (const auto& [status, schema] : route.answers.items()) {
            checkSchema("answers/" + status, schema);
        }
    }

    void checkSchema(const std::string& member, const Json& schema)
    {
        try {
            const config::Schema parsed(schema,
                                        fmt::format("{}: \"{}/{}\"", name_, place_, member));
        } catch (const base::Failure& problem) {
            problems_.push_back(problem.message());
        }
    }

    std::string name_;
    std::vector<std::string>& problems_;
    std::string place_;
};

} // namespace

std::string RouteSpec::shape() const
{
    static const std::regex kParameter("\\{[a-z0-9_]+\\}");
    return (page ? "page " : "") + method + " " + std::regex_replace(path, kParameter, "{}");
}

std::optional<std::vector<RouteSpec>> parseRoutes(const Json& json,
                                                  const std::string& library,
                                                  const std::string& name,
                                                  std::vector<std::string>& problems)
{
    const std::size_t before = problems.size();
    for (const config::Violation& violation : form().check(json)) {
        problems.push_back(config::describeViolation(name, json, violation) + "; correct it");
    }
    if (problems.size() != before) {
        return std::nullopt;
    }
    std::vector<RouteSpec> routes;
    for (const Json& item : json.at("routes")) {
        routes.push_back(take(item, library));
    }
    Rules(name, problems).check(routes);
    if (problems.size() != before) {
        return std::nullopt;
    }
    return routes;
}

} // namespace hub::plugin
