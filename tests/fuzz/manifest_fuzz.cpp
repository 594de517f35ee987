// Input: "m", "r" or "c" on the first line, then a manifest, routes or a contract as JSON. Either
// it is taken and keeps its own rules, or every problem has a sentence that begins with the name.

#include "base/json.hpp"
#include "expect.hpp"
#include "plugin/contract.hpp"
#include "plugin/manifest.hpp"
#include "plugin/routes.hpp"

#include <set>

namespace {

using namespace hub::fuzz;
using namespace hub::plugin;
using hub::base::Json;
using Problems = std::vector<std::string>;

const std::string kName = "input.json";

void checkProblems(bool taken, const Problems& problems)
{
    expect(taken == problems.empty(), "what is refused has a problem, what is taken has none");
    for (const std::string& problem : problems) {
        // Names of members are quoted as written; the log escapes them.
        expect(problem.rfind(kName, 0) == 0, "a problem names its file", problem);
        expect(problem.size() > kName.size() + 2, "a problem says what is wrong", problem);
    }
}

void checkManifest(const Json& json)
{
    Problems problems;
    const auto manifest = parseManifest(json, kName, problems);
    checkProblems(manifest.has_value(), problems);
    if (!manifest) {
        return;
    }
    expect(!manifest->id.empty() && manifest->id.size() <= 63, "an id is short", manifest->id);
    expect(manifest->json == json, "a manifest keeps its document");
    expect(manifest->concurrency_max >= 1 && manifest->concurrency_max <= 1024,
           "concurrency keeps its limits");
    expect(manifest->kind == Kind::Plugin || (manifest->owns.empty() && manifest->calls.empty()),
           "only plugins own and call");
    expect(manifest->keys.empty() || manifest->wants("hub.keys/1"), "keys need their extension");
    expect(manifest->http.hosts.empty() || manifest->wants("hub.http/1"),
           "hosts need their extension");
    for (const KeyRole& key : manifest->keys) {
        expect(manifest->findKey(key.name) == &key, "a key has one role", key.name);
    }
    for (const Subscription& item : manifest->subscribes) {
        expect(item.version_min <= item.version_max, "versions have an order", item.type);
    }
}

void checkRoutes(const Json& json)
{
    Problems problems;
    const auto routes = parseRoutes(json, "library", kName, problems);
    checkProblems(routes.has_value(), problems);
    if (!routes) {
        return;
    }
    std::set<std::string> shapes;
    std::set<std::string> operations;
    for (const RouteSpec& route : *routes) {
        expect(shapes.insert(route.shape()).second, "no two routes collide", route.path);
        expect(operations.insert(route.operation).second, "an operation has one route");
        expect(route.path.front() == '/' && route.path.find("..") == std::string::npos &&
                   !hasControlBytes(route.path),
               "a path stays under the API",
               route.path);
        expect(route.method != "GET" || route.mode != RouteSpec::Mode::Unit,
               "a GET writes nothing");
        expect(route.scope.find(':') != std::string::npos, "a route has a scope", route.scope);
    }
}

void checkContract(const Json& json)
{
    Problems problems;
    const auto contract = parseContract(json, kName, problems);
    checkProblems(contract.has_value(), problems);
    if (!contract) {
        return;
    }
    expect(!contract->operations.empty(), "a contract has an operation");
    for (const auto& [name, operation] : contract->operations) {
        expect(contract->findOperation(name) == &operation, "an operation is found by its name");
        expect(operation.request && operation.result, "an operation has both schemas", name);
        expect(operation.timeout_ms > 0 && operation.deliveries_max > 0, "limits are there", name);
        expect(operation.after_unknown != AfterUnknown::QueryFirst || operation.resolve,
               "an unknown outcome can be resolved",
               name);
        if (operation.resolve) {
            const Operation* query = contract->findOperation(operation.resolve->operation);
            expect(query != nullptr && query->safe, "what resolves is safe", name);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text = textOf(data, size);
    const std::string_view what = takeLine(text);
    const auto json = hub::base::parseJson(text);
    // What is no JSON is the target json_strict's.
    if (!json.ok()) {
        return 0;
    }
    if (what == "r") {
        checkRoutes(json.value());
    } else if (what == "c") {
        checkContract(json.value());
    } else {
        checkManifest(json.value());
    }
    return 0;
}
