#include "plugin/contract.hpp"

#include "base/exception.hpp"
#include "config/library_file.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hub::plugin {

namespace {

using base::Json;

constexpr const char* kForm = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["contract", "version", "title", "operations"],
  "properties": {
    "contract": { "$ref": "#/definitions/id" },
    "version": { "type": "integer", "minimum": 1, "maximum": 65535 },
    "title": {
      "type": "object",
      "additionalProperties": false,
      "required": ["en", "zh"],
      "properties": { "en": { "type": "string" }, "zh": { "type": "string" } }
    },
    "personal": { "type": "boolean" },
    "leaf": { "type": "boolean" },
    "traits": { "type": "object" },
    "test": {
      "type": "object",
      "additionalProperties": false,
      "required": ["operation", "request"],
      "properties": {
        "about": { "type": "string" },
        "operation": { "$ref": "#/definitions/id" },
        "request": { "type": "object" }
      }
    },
    "about": { "type": "string" },
    "products": {
      "type": "object",
      "propertyNames": { "$ref": "#/definitions/id" },
      "additionalProperties": {
        "type": "object",
        "additionalProperties": false,
        "required": ["carrier"],
        "properties": { "carrier": { "enum": ["hub", "browser"] }, "about": { "type": "string" } }
      }
    },
    "operations": {
      "type": "object",
      "minProperties": 1,
      "propertyNames": { "$ref": "#/definitions/id" },
      "additionalProperties": { "$ref": "#/definitions/operation" }
    }
  },
  "definitions": {
    "id": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$" },
    "operation": {
      "type": "object",
      "additionalProperties": false,
      "required": ["safe", "after_unknown", "timeout_ms", "deliveries_max", "request", "result", "examples"],
      "properties": {
        "about": { "type": "string" },
        "safe": { "type": "boolean" },
        "opens": { "type": "boolean" },
        "inbound": { "type": "boolean" },
        "after_unknown": { "enum": ["resend_same_key", "query_first", "never_resend"] },
        "timeout_ms": { "type": "integer", "minimum": 1, "maximum": 3600000 },
        "deliveries_max": { "type": "integer", "minimum": 1, "maximum": 100 },
        "resolve": {
          "type": "object",
          "additionalProperties": false,
          "required": ["operation", "copy", "verdict_pointer", "verdicts"],
          "properties": {
            "operation": { "$ref": "#/definitions/id" },
            "copy": { "type": "array", "uniqueItems": true, "items": { "type": "string" } },
            "verdict_pointer": { "type": "string", "pattern": "^(/[A-Za-z0-9_]+)+$" },
            "verdicts": {
              "type": "object",
              "minProperties": 1,
              "additionalProperties": { "enum": ["answer", "repeat", "wait"] }
            }
          }
        },
        "request": { "type": "object" },
        "result": { "type": "object" },
        "examples": {
          "type": "array",
          "minItems": 1,
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["request", "result"],
            "properties": { "request": { "type": "object" }, "result": { "type": "object" } }
          }
        }
      }
    }
  }
})json";

const config::Schema& form()
{
    static const config::Schema kSchema(Json::parse(kForm), "the form of contracts");
    return kSchema;
}

AfterUnknown toAfterUnknown(const Json& text)
{
    if (text == "resend_same_key") {
        return AfterUnknown::ResendSameKey;
    }
    return text == "query_first" ? AfterUnknown::QueryFirst : AfterUnknown::NeverResend;
}

Verdict toVerdict(const Json& text)
{
    if (text == "answer") {
        return Verdict::Answer;
    }
    return text == "repeat" ? Verdict::Repeat : Verdict::Wait;
}

ResolveSpec toResolve(const Json& json)
{
    ResolveSpec resolve;
    resolve.operation = json.at("operation");
    resolve.copy = json.at("copy").get<std::vector<std::string>>();
    resolve.verdict_pointer = json.at("verdict_pointer").get<std::string>();
    for (const auto& [state, verdict] : json.at("verdicts").items()) {
        resolve.verdicts.emplace(state, toVerdict(verdict));
    }
    return resolve;
}

/// The schema of the member that a pointer reaches; null when the schema does not describe it.
Json memberSchema(const Json& schema, const Json::json_pointer& pointer)
{
    Json::json_pointer rest = pointer;
    std::vector<std::string> names;
    for (; !rest.empty(); rest.pop_back()) {
        names.push_back(rest.back());
    }
    Json found = schema;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        const Json members = found.value("properties", Json::object());
        if (!members.contains(*name)) {
            return nullptr;
        }
        found = members.at(*name);
    }
    return found;
}

class Parser {
public:
    Parser(const Json& json, std::string name, std::vector<std::string>& problems)
        : json_(json)
        , name_(std::move(name))
        , problems_(problems)
    {}

    Contract parse()
    {
        Contract contract;
        contract.name = json_.at("contract");
        contract.version = json_.at("version");
        contract.title = json_.at("title");
        contract.personal = json_.value("personal", false);
        contract.leaf = json_.value("leaf", false);
        const Json products = json_.value("products", Json::object());
        for (const auto& [product, about] : products.items()) {
            contract.products.emplace(
                product, about.at("carrier") == "browser" ? Carrier::Browser : Carrier::Hub);
        }
        if (json_.contains("traits")) {
            contract.traits =
                std::make_shared<const config::Schema>(json_.at("traits"), name_ + ": \"/traits\"");
        }
        for (const auto& [operation, about] : json_.at("operations").items()) {
            contract.operations.emplace(operation, parseOperation(operation, about));
        }
        for (const auto& [operation, parsed] : contract.operations) {
            checkResolve(contract, parsed);
        }
        if (json_.contains("test")) {
            contract.test = TestCall{json_["test"].at("operation"), json_["test"].at("request")};
            checkTest(contract);
        }
        return contract;
    }

private:
    void checkTest(const Contract& contract)
    {
        const Operation* operation = contract.findOperation(contract.test->operation);
        if (operation == nullptr || !operation->safe || operation->inbound) {
            problems_.push_back(fmt::format("{}: \"/test/operation\" is \"{}\", must be a safe "
                                            "operation of this contract; correct it",
                                            name_,
                                            contract.test->operation));
        } else if (operation->request &&
                   !operation->request->check(contract.test->request).empty()) {
            problems_.push_back(
                fmt::format("{}: \"/test/request\" must be a request of \"{}\": {}; correct it",
                            name_,
                            operation->name,
                            operation->request->check(contract.test->request).front().message));
        }
    }

    void refuse(const std::string& operation, const std::string& text)
    {
        problems_.push_back(fmt::format("{}: \"/operations/{}{}", name_, operation, text));
    }

    Operation parseOperation(const std::string& operation, const Json& about)
    {
        Operation parsed;
        parsed.name = operation;
        parsed.safe = about.at("safe");
        parsed.opens = about.value("opens", false);
        parsed.inbound = about.value("inbound", false);
        parsed.after_unknown = toAfterUnknown(about.at("after_unknown"));
        parsed.timeout_ms = about.at("timeout_ms");
        parsed.deliveries_max = about.at("deliveries_max");
        if (about.contains("resolve")) {
            parsed.resolve = toResolve(about.at("resolve"));
        }
        parsed.request = parseSchema(operation, "request", about);
        parsed.result = parseSchema(operation, "result", about);
        return parsed;
    }

    std::shared_ptr<const config::Schema>
    parseSchema(const std::string& operation, const char* member, const Json& about)
    {
        try {
            auto schema = std::make_shared<const config::Schema>(
                about.at(member),
                fmt::format("{}: \"/operations/{}/{}\"", name_, operation, member));
            checkExamples(*schema, operation, member, about.at("examples"));
            return schema;
        } catch (const base::Failure& problem) {
            problems_.push_back(problem.message());
            return nullptr;
        }
    }

    void checkExamples(const config::Schema& schema,
                       const std::string& operation,
                       const char* member,
                       const Json& examples)
    {
        for (std::size_t index = 0; index < examples.size(); ++index) {
            for (const config::Violation& violation : schema.check(examples[index].at(member))) {
                refuse(operation,
                       fmt::format("/examples/{}/{}{}\" {}; correct the example or the schema",
                                   index,
                                   member,
                                   violation.pointer,
                                   violation.message));
            }
        }
    }

    void checkResolve(const Contract& contract, const Operation& operation)
    {
        if (!operation.resolve) {
            if (operation.after_unknown == AfterUnknown::QueryFirst) {
                refuse(operation.name,
                       "\" is query_first after unknown, must have the member \"resolve\"; add it");
            }
            return;
        }
        const ResolveSpec& resolve = *operation.resolve;
        const Operation* query = contract.findOperation(resolve.operation);
        if (query == nullptr || !query->safe || query->inbound) {
            refuse(operation.name,
                   fmt::format("/resolve/operation\" is \"{}\", must be a safe operation of this "
                               "contract; correct it",
                               resolve.operation));
            return;
        }
        checkCopy(operation, json_.at("operations").at(resolve.operation).at("request"));
        checkVerdicts(operation, json_.at("operations").at(resolve.operation).at("result"));
    }

    void checkCopy(const Operation& operation, const Json& query_request)
    {
        const std::vector<std::string>& copy = operation.resolve->copy;
        const Json own = json_.at("operations").at(operation.name).at("request");
        for (const std::string& member : copy) {
            if (!own.value("properties", Json::object()).contains(member) ||
                !query_request.value("properties", Json::object()).contains(member)) {
                refuse(operation.name,
                       fmt::format("/resolve/copy\" names \"{}\", must be a member of both "
                                   "requests; correct it",
                                   member));
            }
        }
        for (const auto& member : query_request.value("required", std::vector<std::string>{})) {
            if (std::find(copy.begin(), copy.end(), member) == copy.end()) {
                refuse(operation.name,
                       fmt::format("/resolve/copy\" lacks \"{}\", which the request of \"{}\" "
                                   "requires; add it",
                                   member,
                                   operation.resolve->operation));
            }
        }
    }

    /// Every state that the query may answer needs a verdict, and no other may have one.
    void checkVerdicts(const Operation& operation, const Json& query_result)
    {
        const ResolveSpec& resolve = *operation.resolve;
        const Json state = memberSchema(query_result, Json::json_pointer(resolve.verdict_pointer));
        if (!state.is_object() || !state.contains("enum")) {
            refuse(operation.name,
                   fmt::format("/resolve/verdict_pointer\" is \"{}\", must reach an enum in the "
                               "result of \"{}\"; correct it",
                               resolve.verdict_pointer,
                               resolve.operation));
            return;
        }
        std::set<std::string> judged;
        std::set<std::string> possible;
        for (const auto& entry : resolve.verdicts) {
            judged.insert(entry.first);
        }
        for (const Json& value : state.at("enum")) {
            possible.insert(value.get<std::string>());
        }
        if (judged != possible) {
            refuse(operation.name,
                   fmt::format("/resolve/verdicts\" judges {}, must judge {}; make them the same",
                               fmt::join(judged, ", "),
                               fmt::join(possible, ", ")));
        }
    }

    const Json& json_;
    std::string name_;
    std::vector<std::string>& problems_;
};

} // namespace

const Operation* Contract::findOperation(const std::string& operation) const
{
    const auto found = operations.find(operation);
    return found == operations.end() ? nullptr : &found->second;
}

Carrier Contract::carrierOf(const Operation& operation, const Json& request) const
{
    if (!operation.opens) {
        return Carrier::Hub; // a later question names a product, too
    }
    const auto product = request.find("product");
    if (product == request.end() || !product->is_string()) {
        return Carrier::Hub;
    }
    const auto found = products.find(product->get<std::string>());
    return found == products.end() ? Carrier::Hub : found->second;
}

std::optional<Contract>
parseContract(const Json& json, const std::string& name, std::vector<std::string>& problems)
{
    const std::size_t before = problems.size();
    for (const config::Violation& violation : form().check(json)) {
        problems.push_back(config::describeViolation(name, json, violation) + "; correct it");
    }
    if (problems.size() != before) {
        return std::nullopt;
    }
    try {
        Contract contract = Parser(json, name, problems).parse();
        return problems.size() == before ? std::optional(std::move(contract)) : std::nullopt;
    } catch (const Json::exception& problem) {
        // Schemas within it may hold anything that is a schema, but not everything can be resolved.
        problems.push_back(
            fmt::format("{}: a schema in it is not what a contract needs: {}; correct it",
                        name,
                        problem.what()));
        return std::nullopt;
    }
}

} // namespace hub::plugin
