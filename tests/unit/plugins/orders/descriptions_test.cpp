// Goal: what the plugin's files promise, its code knows. Method: every route, command and question
// of the descriptions is sent once; what the manifest publishes and subscribes is compared.
#include "desk.hpp"
#include "domain/json.hpp"
#include "support/suite.hpp"

#include <set>

namespace orders::test {

namespace {

class DescriptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DescriptionsTest);
    CPPUNIT_TEST(everyOperationIsKnown);
    CPPUNIT_TEST(whatIsPublishedIsDescribed);
    CPPUNIT_TEST(examplesHaveWhatTheirSchemasRequire);
    CPPUNIT_TEST(whatPaymentsPublishesIsUnderstood);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    bool isKnown(std::uint32_t kind, std::uint32_t source, const std::string& operation)
    {
        hub::testing::PluginEvent event;
        event.kind = kind;
        event.source = source;
        event.operation = operation;
        return desk_.fake.deliver(event).status != HUB_UNSUPPORTED;
    }

    /// By value: a loop over a member of a temporary would read what is gone.
    static Json items(const std::string& path, const char* member)
    {
        return readJson(path).at(member);
    }

    static std::set<std::string> typesOf(const Json& list)
    {
        std::set<std::string> types;
        for (const Json& item : list) {
            types.insert(textOf(item, "type"));
        }
        return types;
    }

    static void assertExample(const Json& schema, const Json& example)
    {
        for (const Json& name : schema.value("required", Json::array())) {
            CPPUNIT_ASSERT_MESSAGE(name.dump(), example.contains(name.get<std::string>()));
        }
        for (const auto& [name, value] : example.items()) {
            CPPUNIT_ASSERT_MESSAGE(
                name, !schema.contains("properties") || schema.at("properties").contains(name));
        }
    }

public:
    void everyOperationIsKnown()
    {
        for (const Json& route : items("plugins/orders/routes.json", "routes")) {
            const std::uint32_t kind = route.at("mode") == "unit" ? HUB_KIND_UNIT : HUB_KIND_READ;
            const std::string operation = textOf(route, "operation");
            CPPUNIT_ASSERT_MESSAGE(operation, isKnown(kind, HUB_SOURCE_REQUEST, operation));
        }
        for (const Json& command : items("plugins/orders/manifest.json", "commands")) {
            const std::uint32_t kind =
                command.value("mode", Json()) == "unit" ? HUB_KIND_UNIT : HUB_KIND_READ;
            const std::string operation = textOf(command, "operation");
            CPPUNIT_ASSERT_MESSAGE(operation, isKnown(kind, HUB_SOURCE_COMMAND, operation));
        }
        const Json contract = readJson("sdk/contracts/orders.json");
        for (const auto& [operation, description] : contract.at("operations").items()) {
            CPPUNIT_ASSERT_MESSAGE(operation, isKnown(HUB_KIND_READ, HUB_SOURCE_ASK, operation));
        }
        CPPUNIT_ASSERT(!isKnown(HUB_KIND_UNIT, HUB_SOURCE_REQUEST, "order.other"));
        CPPUNIT_ASSERT(!isKnown(HUB_KIND_READ, HUB_SOURCE_ASK, "other"));
    }

    void whatIsPublishedIsDescribed()
    {
        CPPUNIT_ASSERT(typesOf(readJson("plugins/orders/manifest.json").at("publishes")) ==
                       typesOf(readJson("plugins/orders/events.json").at("events")));
    }

    void examplesHaveWhatTheirSchemasRequire()
    {
        for (const Json& event : items("plugins/orders/events.json", "events")) {
            for (const Json& example : event.at("examples")) {
                assertExample(event.at("payload"), example);
            }
        }
        const Json contract = readJson("sdk/contracts/orders.json");
        for (const auto& [name, operation] : contract.at("operations").items()) {
            for (const Json& example : operation.at("examples")) {
                assertExample(operation.at("request"), example.at("request"));
                assertExample(operation.at("result"), example.at("result"));
            }
        }
    }

    /// The events of payments as payments describes them, about an order of ours.
    void whatPaymentsPublishesIsUnderstood()
    {
        const auto subscribed = typesOf(readJson("plugins/orders/manifest.json").at("subscribes"));
        int heard = 0;
        for (const Json& event : items("plugins/payments/events.json", "events")) {
            const std::string type = textOf(event, "type");
            if (!subscribed.contains(type)) {
                continue;
            }
            ++heard;
            Desk desk;
            const std::string number = desk.ordered(desk.addPersons(1));
            Json payload = event.at("examples").at(0);
            payload["order_ref"] = number;
            const hub::Answer answer = desk.fake.publish(type, "event-1", payload.dump());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(type, hub_status{HUB_OK}, answer.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(type,
                                         std::string(type == "payment.paid" ? "paid" : "unpaid"),
                                         desk.stateOf(number));
            const bool is_open = type == "payment.created" || type == "payment.failed";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                type, type == "payment.paid" || is_open ? 409 : 200, desk.cancel(number).status);
        }
        CPPUNIT_ASSERT_EQUAL(6, heard);
    }
};

HUB_TEST_SUITE_REGISTRATION(DescriptionsTest, "descriptions");

} // namespace

} // namespace orders::test
