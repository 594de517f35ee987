// Goal: only routes that the gateway can serve safely are taken. Method: two good routes and one
// JSON patch per row.

#include "plugin/routes.hpp"
#include "support/suite.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace {

using hub::base::Json;
using hub::plugin::RouteSpec;

Json good()
{
    return Json::parse(R"({"routes": [
        {"operation": "thing.create", "method": "POST", "path": "/things", "mode": "unit",
         "scope": "things:write", "idempotent": true, "title": {"en": "e", "zh": "z"},
         "request": {"type": "object"}, "answers": {"201": {"type": "object"}}},
        {"operation": "thing.get", "method": "GET", "path": "/things/{thing_id}", "mode": "read",
         "scope": "things:read", "title": {"en": "e", "zh": "z"},
         "query": {"limit": {"type": "string"}}, "answers": {"200": {"type": "object"}}}]})");
}

struct Row {
    std::string name;
    std::string patch;
    std::string problem;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"unknown member",
         R"([{"op":"add","path":"/routes/0/scopes","value":1}])",
         R"("/routes/0/scopes" is 1, is not a known member)"},
        {"GET that writes",
         R"([{"op":"replace","path":"/routes/1/mode","value":"unit"}])",
         R"("/routes/1/mode" is "unit", must be "read" or "task" for GET)"},
        {"GET with a body",
         R"([{"op":"add","path":"/routes/1/request","value":{}}])",
         R"("/routes/1/request" is there, must be absent for GET)"},
        {"idempotent read",
         R"([{"op":"add","path":"/routes/1/idempotent","value":true}])",
         R"("/routes/1/idempotent" is true, must be false unless)"},
        {"same operation",
         R"([{"op":"replace","path":"/routes/1/operation","value":"thing.create"}])",
         R"("/routes/1/operation" is "thing.create" as before)"},
        {"same address",
         R"([{"op":"copy","from":"/routes/1","path":"/routes/-"},{"op":"replace","path":"/routes/2/operation","value":"thing.look"},{"op":"replace","path":"/routes/2/path","value":"/things/{other}"}])",
         R"("/routes/2/path" is "/things/{other}", which an earlier route answers)"},
        {"parameter twice",
         R"([{"op":"replace","path":"/routes/1/path","value":"/a/{x}/b/{x}"}])",
         R"(must name each parameter once)"},
        {"path with a query",
         R"([{"op":"replace","path":"/routes/0/path","value":"/things?x"}])",
         R"("/routes/0/path" is "/things?x", must match)"},
        {"path out of the API",
         R"([{"op":"replace","path":"/routes/0/path","value":"/../x"}])",
         R"("/routes/0/path" is "/../x", must match)"},
        {"scope for everything",
         R"([{"op":"replace","path":"/routes/0/scope","value":"*"}])",
         R"("/routes/0/scope" is "*", must match)"},
        {"open to everybody by oversight",
         R"([{"op":"remove","path":"/routes/0/scope"}])",
         R"("scope")"},
        {"the hub's own address",
         R"([{"op":"replace","path":"/routes/0/path","value":"/session"}])",
         R"("/routes/0/path" is "/session", must not be the hub's own address)"},
        {"page at the hub's own address",
         R"([{"op":"add","path":"/routes/1/page","value":true},{"op":"replace","path":"/routes/1/path","value":"/metrics/{x}"}])",
         R"("/routes/1/path" is "/metrics/{x}", must begin with a word)"},
        {"page at every address",
         R"([{"op":"add","path":"/routes/1/page","value":true},{"op":"replace","path":"/routes/1/path","value":"/{x}"}])",
         R"("/routes/1/path" is "/{x}", must begin with a word)"},
        {"page with a key of idempotency",
         R"([{"op":"add","path":"/routes/0/page","value":true}])",
         R"("/routes/0/page" is true, must be false)"},
        {"page by DELETE",
         R"([{"op":"add","path":"/routes/0/page","value":true},{"op":"remove","path":"/routes/0/idempotent"},{"op":"replace","path":"/routes/0/method","value":"DELETE"}])",
         R"("/routes/0/page" is true, must be false)"},
        {"request is no schema",
         R"([{"op":"replace","path":"/routes/0/request","value":{"type":"x"}}])",
         R"("/routes/0/request" is no JSON Schema)"},
        {"parameter is no schema",
         R"([{"op":"replace","path":"/routes/1/query/limit","value":{"type":"x"}}])",
         R"("/routes/1/query/limit" is no JSON Schema)"},
        {"answer without status",
         R"([{"op":"replace","path":"/routes/0/answers","value":{"ok":{}}}])",
         R"("/routes/0/answers/ok" has a name that must match)"},
    };
}

class RoutesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RoutesTest);
    CPPUNIT_TEST(takesEveryMember);
    CPPUNIT_TEST(takesAPublicRoute);
    CPPUNIT_TEST(takesAPageBesideTheRouteOfTheSamePath);
    CPPUNIT_TEST_PARAMETERIZED(refusesWithPlace, rows());
    CPPUNIT_TEST_SUITE_END();

public:
    void takesEveryMember()
    {
        std::vector<std::string> problems;

        const auto routes = hub::plugin::parseRoutes(good(), "things", "x", problems);

        CPPUNIT_ASSERT(routes);
        CPPUNIT_ASSERT_EQUAL(std::string("things"), routes->at(0).library);
        CPPUNIT_ASSERT(routes->at(0).mode == RouteSpec::Mode::Unit);
        CPPUNIT_ASSERT(routes->at(0).idempotent);
        CPPUNIT_ASSERT(routes->at(1).mode == RouteSpec::Mode::Read);
        CPPUNIT_ASSERT(routes->at(1).request.is_null());
        CPPUNIT_ASSERT_EQUAL(std::string("GET /things/{}"), routes->at(1).shape());
        CPPUNIT_ASSERT(routes->at(1).query.contains("limit"));
    }

    void takesAPublicRoute()
    {
        Json json = good();
        json["routes"][0]["scope"] = "public";
        std::vector<std::string> problems;

        const auto routes = hub::plugin::parseRoutes(json, "things", "x", problems);

        CPPUNIT_ASSERT(routes);
        CPPUNIT_ASSERT_EQUAL(std::string("public"), routes->at(0).scope);
    }

    void takesAPageBesideTheRouteOfTheSamePath()
    {
        Json json = good();
        Json page = json["routes"][1];
        page["operation"] = "thing.show";
        page["page"] = true;
        json["routes"].push_back(page);
        std::vector<std::string> problems;

        const auto routes = hub::plugin::parseRoutes(json, "things", "x", problems);

        CPPUNIT_ASSERT(routes);
        CPPUNIT_ASSERT(routes->at(2).page && !routes->at(1).page);
    }

    void refusesWithPlace(const Row& row)
    {
        std::vector<std::string> problems;

        const auto routes =
            hub::plugin::parseRoutes(good().patch(Json::parse(row.patch)), "things", "x", problems);

        CPPUNIT_ASSERT(!routes);
        CPPUNIT_ASSERT_MESSAGE(problems.at(0),
                               problems.at(0).find(row.problem) != std::string::npos);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(RoutesTest, "routes");
