// Goal: what the plugin says of itself is what it does: each route, question and scope that it
// describes exists, and nothing is published that is not described. Method: the files beside the
// code, against the table of roles and the plugin on the fake hub.
#include "desk.hpp"
#include "domain/roles.hpp"
#include "flow/sessions.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <set>

namespace identity::test {

namespace {

Json readDescription(const std::string& path)
{
    const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    std::ifstream stream(std::string(folder == nullptr ? "." : folder) + "/" + path);
    return Json::parse(stream);
}

class DescriptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DescriptionsTest);
    CPPUNIT_TEST(everyRouteIsAnsweredAndItsScopeIsOfTheTable);
    CPPUNIT_TEST(otherPluginsAskForScopesThatSomebodyHolds);
    CPPUNIT_TEST(everyQuestionOfTheContractIsAnswered);
    CPPUNIT_TEST(everyEventIsDescribed);
    CPPUNIT_TEST(everySettingHasADefault);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

public:
    void everyRouteIsAnsweredAndItsScopeIsOfTheTable()
    {
        const auto scopes = allScopes();
        std::set<std::string> known(scopes.begin(), scopes.end());
        known.insert({"public", kEnrollScope});
        const Json routes = readDescription("plugins/identity/routes.json").at("routes");
        CPPUNIT_ASSERT_EQUAL(std::size_t{28}, routes.size());
        for (const Json& route : routes) {
            const std::string operation = route.at("operation");
            CPPUNIT_ASSERT_MESSAGE(operation, known.count(route.at("scope")) == 1);
            const bool is_read = route.at("mode") == "read";
            const hub::Answer answer =
                desk_.fake.visit(is_read ? HUB_KIND_READ : HUB_KIND_UNIT, operation, "{}");
            CPPUNIT_ASSERT_MESSAGE(operation, answer.status != HUB_UNSUPPORTED);
        }
    }

    /// And for none that could be taken for what a session is about ("organization:<id>").
    void otherPluginsAskForScopesThatSomebodyHolds()
    {
        const auto scopes = allScopes();
        const std::set<std::string> known(scopes.begin(), scopes.end());
        for (const char* plugin : {"registration", "orders", "messaging"}) {
            const std::string file = "plugins/" + std::string(plugin) + "/routes.json";
            const Json routes = readDescription(file).at("routes");
            CPPUNIT_ASSERT(!routes.empty());
            for (const Json& route : routes) {
                const std::string scope = route.at("scope");
                CPPUNIT_ASSERT_MESSAGE(scope, scope == "public" || known.count(scope) == 1);
                for (const char* about : {"organization:", "delegation:", "sub_delegation:"}) {
                    CPPUNIT_ASSERT_MESSAGE(scope, !scope.starts_with(about));
                }
            }
        }
    }

    void everyQuestionOfTheContractIsAnswered()
    {
        const Json contract = readDescription("sdk/contracts/identity.json");
        CPPUNIT_ASSERT(contract.at("leaf") == true);
        for (const auto& [operation, description] : contract.at("operations").items()) {
            Json question = Json::object();
            for (const Json& member : description.at("request").at("required")) {
                question[member.get<std::string>()] = "nobody";
            }
            const Json said = desk_.asked(operation, question);
            for (const Json& member : description.at("result").at("required")) {
                CPPUNIT_ASSERT_MESSAGE(operation, said.contains(member.get<std::string>()));
            }
        }
    }

    void everyEventIsDescribed()
    {
        std::set<std::string> described;
        const Json events = readDescription("plugins/identity/events.json").at("events");
        for (const Json& event : events) {
            described.insert(event.at("type"));
            CPPUNIT_ASSERT(event.at("payload").at("additionalProperties") == false);
        }
        std::set<std::string> published;
        const Json manifest = readDescription("plugins/identity/manifest.json");
        for (const Json& one : manifest.at("publishes")) {
            published.insert(one.at("type"));
        }
        CPPUNIT_ASSERT(described == published);
    }

    void everySettingHasADefault()
    {
        const Json manifest = readDescription("plugins/identity/manifest.json");
        for (const auto& [name, setting] : manifest.at("configuration").at("properties").items()) {
            CPPUNIT_ASSERT_MESSAGE(name, setting.contains("default"));
            CPPUNIT_ASSERT_MESSAGE(name, setting.contains("description"));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(DescriptionsTest, "descriptions");

} // namespace

} // namespace identity::test
